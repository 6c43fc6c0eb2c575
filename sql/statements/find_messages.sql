-- What is known of these Message-IDs, in any project.
-- $1 text[]: ids.
select
    m.msgid, m.project_id, m.kind, m.thread_id, m.cluster_id, m.anchor,
    m.patch_id, m.cover_id, m.series_id, m.is_foreign, m.refs
from patchmail.message m
where m.msgid = any ($1::text[])
