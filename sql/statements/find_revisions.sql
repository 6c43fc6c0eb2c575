-- The recorded links of the series in these clusters. $1 int8[] clusters.
-- -> series, the one it replaces, why
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
select r.series_id, r.supersedes_id, r.reason
from ids
cross join lateral (
    select *
    from patchmail.series_revision q
    where q.series_id >= ids.id and q.series_id <= ids.id
    order by q.series_id
) r
