-- Links of series that go to another project, with series that do not go along: none replaces one
-- of another project. $1 int4[]: the series.
-- -> the clusters of the others, whose links are to be decided anew
with cut as (
    delete from patchmail.series_revision r
    using unnest($1::int4[]) as u (id)
    where r.series_id >= u.id and r.series_id <= u.id and r.supersedes_id <> all ($1::int4[])
    returning r.supersedes_id as id
),
cut_newer as (
    delete from patchmail.series_revision r
    using unnest($1::int4[]) as u (id)
    where r.supersedes_id >= u.id and r.supersedes_id <= u.id and r.series_id <> all ($1::int4[])
    returning r.series_id as id
)
select distinct m.cluster_id
from (
    select c.id from cut c
    union
    select n.id from cut_newer n
) o
cross join lateral (
    (select p.msgid, p.project_id
    from patchwork_patch p
    where p.series_id >= o.id and p.series_id <= o.id
    order by p.series_id)
    union all
    (select c.msgid, c.project_id
    from (
        select q.cover_letter_id as id
        from patchwork_series q
        where q.id >= o.id and q.id <= o.id
        order by q.id
    ) s
    cross join lateral (
        select q.msgid, q.project_id
        from patchwork_cover q
        where q.id >= s.id and q.id <= s.id
        order by q.id
    ) c)
) t
join lateral (
    select q.cluster_id
    from patchmail.message q
    where q.msgid = t.msgid and q.project_id = t.project_id
    order by q.msgid, q.project_id
) m on true
