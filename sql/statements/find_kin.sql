-- Clusters that hold a submission of the same person, version and total
-- within the window.
-- $1 int4[] project, $2 text[] email, $3 int4[] version, $4 int4[] total,
-- $5 int8[] date (seconds), $6 int8 window in seconds.
-- -> ordinal from 1, cluster
select u.ord, k.cluster_id
from unnest($1::int4[], $2::text[], $3::int4[], $4::int4[], $5::int8[])
    with ordinality as u (project_id, email, version, total, sent, ord)
join patchwork_person p on upper(p.email) = upper(u.email)
cross join lateral (
    select distinct m.cluster_id
    from patchmail.message m
    where m.project_id = u.project_id
        and m.submitter_id = p.id
        and m.total = u.total
        and m.version = u.version
        and m.sent between u.sent - $6::int8 and u.sent + $6::int8
        and m.kind in ('p', 'c')
) k
