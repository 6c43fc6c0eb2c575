-- The submissions of the clusters that these mails belong to or refer to, and of those that
-- find_kin and find_runs have just found, each with its series and what that replaces: what
-- find_members, find_series and find_revisions say, in the first round trip of a small batch.
-- $1 text[]: ids, $2 int4[]: their projects.
-- -> as find_members, then as find_series, then what it replaces and why
with ids as materialized (
    select m.cluster_id as id
    from unnest($1::text[], $2::int4[]) as u (msgid, project_id)
    cross join lateral (
        select q.cluster_id
        from patchmail.message q
        where q.msgid = u.msgid and q.project_id = u.project_id
        order by q.msgid, q.project_id
    ) m
    union
    select unnest(nullif(current_setting('patchmail.kin', true), '')::int8[])
    union
    select unnest(nullif(current_setting('patchmail.runs', true), '')::int8[])
)
select
    m.msgid, m.project_id, m.kind, m.thread_id, m.cluster_id, m.anchor,
    m.patch_id, m.cover_id, m.series_id, m.is_foreign, m.refs,
    m.slot, m.tags, m.sent, m.submitter_id, m.version, m.version_text, m.number,
    m.fraction, m.total, m.prefixes, m.name, m.title_at, m.run, m.change_id,
    m.shortlog, m.comment_id,
    s.id, s.total, s.version, s.name, s.cover_letter_id, s.submitter_id,
    (extract(epoch from s.date at time zone current_setting('TimeZone')) * 1000000)::int8,
    exists (select from patchmail.decided_series d where d.series_id >= s.id and d.series_id <= s.id),
    r.supersedes_id, r.reason
from ids
cross join lateral (
    select *
    from patchmail.message c
    where c.cluster_id >= ids.id and c.cluster_id <= ids.id and c.kind in ('p', 'c')
    order by c.cluster_id
) m
left join lateral (
    select *
    from patchwork_series q
    where q.id >= m.series_id and q.id <= m.series_id
    order by q.id
) s on true
left join lateral (
    select q.supersedes_id, q.reason
    from patchmail.series_revision q
    where q.series_id >= m.series_id and q.series_id <= m.series_id
    order by q.series_id
) r on true
