-- Clusters that hold a submission of the same person, version and total within the window;
-- large ones only where it was sent within an hour.
-- $1 int4[] project, $2 text[] email, $3 int4[] version, $4 int4[] total,
-- $5 int8[] date (seconds), $6 int8 window in seconds.
-- -> ordinal from 1, cluster, whether it is large
-- Somebody who sends a series every day would make one cluster of all, for good, and each mail
-- would cost more than the one before. It ends at a thousand, at the next pause of an hour.
-- The clusters are also noted for find_near and find_relatives, which are sent with this one.
with kin as materialized (
    select k.ord, k.cluster_id, n.members >= 1000 as is_large
    from (
        select u.ord, m.cluster_id, min(abs(m.sent - u.sent)) as gap
        from unnest($1::int4[], $2::text[], $3::int4[], $4::int4[], $5::int8[])
            with ordinality as u (project_id, email, version, total, sent, ord)
        cross join lateral (
            select q.id, q.email
            from patchwork_person q
            where upper(q.email) >= upper(u.email)
            order by upper(q.email), q.id
            limit 1
        ) p
        cross join lateral (
            select q.cluster_id, q.sent
            from patchmail.message q
            where q.project_id = u.project_id and q.submitter_id = p.id and q.total = u.total
                and q.version = u.version
                and q.sent >= u.sent - $6::int8 and q.sent <= u.sent + $6::int8
                and q.kind in ('p', 'c')
            order by q.project_id, q.submitter_id, q.total, q.version, q.sent
        ) m
        where upper(p.email) = upper(u.email)
        group by u.ord, m.cluster_id
    ) k
    cross join lateral (
        select count(*) as members
        from (
            select
            from patchmail.message c
            where c.cluster_id >= k.cluster_id and c.cluster_id <= k.cluster_id and c.kind in ('p', 'c')
            order by c.cluster_id
            limit 1000
        ) c
    ) n
    where k.gap <= 3600 or n.members < 1000
)
select k.ord, k.cluster_id, k.is_large
from kin k
cross join (select set_config('patchmail.kin', array(select q.cluster_id from kin q)::text, true)) noted
