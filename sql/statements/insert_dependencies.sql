-- Depends-on by the id of a series or of a patch, only on series of the same project that
-- are there. $1 int4[] from, $2 int4[] project, $3 int4[] series or null, $4 int4[] patch
-- or null.
insert into patchwork_series_dependencies (from_series_id, to_series_id)
select distinct u.from_id, s.id
from unnest($1::int4[], $2::int4[], $3::int4[], $4::int4[])
    as u (from_id, project_id, series_id, patch_id)
left join lateral (
    select q.series_id
    from patchwork_patch q
    where q.id >= u.patch_id and q.id <= u.patch_id
    order by q.id
) p on true
cross join lateral (
    select q.id, q.project_id
    from patchwork_series q
    where q.id >= coalesce(u.series_id, p.series_id) and q.id <= coalesce(u.series_id, p.series_id)
    order by q.id
) s
where s.project_id = u.project_id and s.id <> u.from_id
on conflict do nothing
