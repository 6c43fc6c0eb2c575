-- Columns that must be given and that we do not know: a newer Patchwork.
-- -> table.column
select a.attrelid::regclass || '.' || a.attname
from pg_attribute a
where a.attrelid in (to_regclass('patchwork_patch'), to_regclass('patchwork_cover'),
        to_regclass('patchwork_series'), to_regclass('patchwork_event'),
        to_regclass('patchwork_patchcomment'), to_regclass('patchwork_covercomment'),
        to_regclass('patchwork_person'), to_regclass('patchwork_patchtag'),
        to_regclass('patchwork_seriesreference'))
    and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef
    and a.attidentity = ''
    and a.attname not in ('msgid', 'date', 'headers', 'content', 'name', 'project_id',
        'submitter_id', 'archived', 'state_id', 'patch_id', 'cover_id', 'version', 'total',
        'category', 'email', 'count', 'tag_id', 'series_id')
