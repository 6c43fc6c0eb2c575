-- The facts of the submissions of these clusters.
-- $1 int8[]: clusters.
select
    m.msgid, m.project_id, m.kind, m.thread_id, m.cluster_id, m.anchor,
    m.patch_id, m.cover_id, m.series_id, m.is_foreign, m.refs,
    m.slot, m.tags, m.sent, m.submitter_id, m.version, m.version_text, m.number,
    m.fraction, m.total, m.prefixes, m.name, m.title_at, m.run, m.change_id,
    m.shortlog, m.comment_id
from patchmail.message m
where m.cluster_id = any ($1::int8[]) and m.kind in ('p', 'c')
