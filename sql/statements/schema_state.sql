-- What is in this database.
-- -> whether Patchwork's tables are there (all, some, none), schema version of
--    patchmail or null, who made the tables or null, server version
select
    case count(to_regclass(t.name))
        when 0 then 'none'
        when count(*) then 'all'
        else 'some'
    end,
    (select string_agg(t2.name, ', ') from unnest(array['patchwork_patch', 'patchwork_cover',
        'patchwork_series', 'patchwork_patchcomment', 'patchwork_covercomment',
        'patchwork_event', 'patchwork_person', 'patchwork_project', 'patchwork_state',
        'patchwork_tag', 'patchwork_patchtag', 'patchwork_seriesreference',
        'patchwork_series_dependencies', 'patchwork_delegationrule', 'patchwork_check',
        'patchwork_bundlepatch', 'patchwork_patchchangenotification', 'auth_user'])
        as t2 (name) where to_regclass(t2.name) is null),
    to_regclass('patchmail.meta') is not null,
    current_setting('server_version_num')::int4
from unnest(array['patchwork_patch', 'patchwork_cover', 'patchwork_series',
    'patchwork_patchcomment', 'patchwork_covercomment', 'patchwork_event',
    'patchwork_person', 'patchwork_project', 'patchwork_state', 'patchwork_tag',
    'patchwork_patchtag', 'patchwork_seriesreference', 'patchwork_series_dependencies',
    'patchwork_delegationrule', 'auth_user']) as t (name)
