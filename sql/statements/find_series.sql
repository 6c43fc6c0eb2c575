-- The series rows that the submissions of these clusters are in.
-- $1 int8[]: clusters.
-- -> id, total, version, name, cover, submitter, date as naive microseconds, whether somebody
--    decided what is in it
with ids as materialized (
    select distinct m.series_id as id
    from unnest($1::int8[]) as u (id)
    cross join lateral (
        select c.series_id
        from patchmail.message c
        where c.cluster_id >= u.id and c.cluster_id <= u.id and c.kind in ('p', 'c')
        order by c.cluster_id
    ) m
)
select
    s.id, s.total, s.version, s.name, s.cover_letter_id, s.submitter_id,
    (extract(epoch from s.date at time zone current_setting('TimeZone')) * 1000000)::int8,
    exists (select from patchmail.decided_series d where d.series_id >= s.id and d.series_id <= s.id)
from ids
cross join lateral (
    select *
    from patchwork_series q
    where q.id >= ids.id and q.id <= ids.id
    order by q.id
) s
