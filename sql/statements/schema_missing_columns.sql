-- Columns that we write and this Patchwork does not have.
-- -> table.column
select n.table_name || '.' || n.column_name
from (values
    ('patchwork_patch', 'id'), ('patchwork_patch', 'msgid'), ('patchwork_patch', 'date'),
    ('patchwork_patch', 'headers'), ('patchwork_patch', 'content'),
    ('patchwork_patch', 'name'), ('patchwork_patch', 'project_id'),
    ('patchwork_patch', 'submitter_id'), ('patchwork_patch', 'archived'),
    ('patchwork_patch', 'commit_ref'), ('patchwork_patch', 'delegate_id'),
    ('patchwork_patch', 'diff'), ('patchwork_patch', 'hash'), ('patchwork_patch', 'number'),
    ('patchwork_patch', 'pull_url'), ('patchwork_patch', 'related_id'),
    ('patchwork_patch', 'series_id'), ('patchwork_patch', 'state_id'),
    ('patchwork_cover', 'id'), ('patchwork_cover', 'msgid'), ('patchwork_cover', 'date'),
    ('patchwork_cover', 'headers'), ('patchwork_cover', 'content'),
    ('patchwork_cover', 'name'), ('patchwork_cover', 'project_id'),
    ('patchwork_cover', 'submitter_id'),
    ('patchwork_patchcomment', 'patch_id'), ('patchwork_patchcomment', 'addressed'),
    ('patchwork_covercomment', 'cover_id'), ('patchwork_covercomment', 'addressed'),
    ('patchwork_series', 'name'), ('patchwork_series', 'date'),
    ('patchwork_series', 'version'), ('patchwork_series', 'total'),
    ('patchwork_series', 'project_id'), ('patchwork_series', 'submitter_id'),
    ('patchwork_series', 'cover_letter_id'),
    ('patchwork_seriesreference', 'project_id'), ('patchwork_seriesreference', 'msgid'),
    ('patchwork_seriesreference', 'series_id'),
    ('patchwork_series_dependencies', 'from_series_id'),
    ('patchwork_series_dependencies', 'to_series_id'),
    ('patchwork_event', 'category'), ('patchwork_event', 'date'),
    ('patchwork_event', 'project_id'), ('patchwork_event', 'series_id'),
    ('patchwork_event', 'cover_id'), ('patchwork_event', 'patch_id'),
    ('patchwork_event', 'cover_comment_id'), ('patchwork_event', 'patch_comment_id'),
    ('patchwork_person', 'email'), ('patchwork_person', 'name'),
    ('patchwork_project', 'subject_match'), ('patchwork_project', 'listid'),
    ('patchwork_project', 'listemail'), ('patchwork_project', 'use_tags'),
    ('patchwork_delegationrule', 'priority'), ('patchwork_patchtag', 'count')
) as n (table_name, column_name)
where not exists (
    select from pg_attribute a
    where a.attrelid = to_regclass(n.table_name) and a.attname = n.column_name
        and not a.attisdropped
)
