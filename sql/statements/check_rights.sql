-- Tables that this role may not write. -> table
select t.name
from unnest(array['patchwork_patch', 'patchwork_cover', 'patchwork_series',
    'patchwork_patchcomment', 'patchwork_covercomment', 'patchwork_event',
    'patchwork_person', 'patchwork_patchtag', 'patchwork_seriesreference',
    'patchwork_series_dependencies', 'patchmail.message', 'patchmail.orphan',
    'patchmail.raw', 'patchmail.series_revision', 'patchmail.quarantine',
    'patchmail.superseded']) as t (name)
where not has_table_privilege(t.name, 'insert') or not has_table_privilege(t.name, 'select')
    or not has_table_privilege(t.name, 'update')
