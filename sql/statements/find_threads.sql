-- The other mails of these clusters: wanted where a ghost has come to life, so
-- that what hangs below it can find its new place.
-- $1 int8[]: clusters.
select
    m.msgid, m.project_id, m.kind, m.thread_id, m.cluster_id, m.anchor,
    m.patch_id, m.cover_id, m.series_id, m.is_foreign, m.refs,
    m.slot, m.tags, m.sent, m.submitter_id, m.version, m.version_text, m.number,
    m.fraction, m.total, m.prefixes, m.name, m.title_at, m.run, m.change_id,
    m.shortlog, m.comment_id
from unnest($1::int8[]) as u (id)
cross join lateral (
    select *
    from patchmail.message c
    where c.cluster_id >= u.id and c.cluster_id <= u.id and c.kind not in ('p', 'c')
    order by c.cluster_id
) m
