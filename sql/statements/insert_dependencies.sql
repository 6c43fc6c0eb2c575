-- Depends-on: by Message-ID, by the id of a series or of a patch; only on series of the
-- same project that are there. $1 int4[] from, $2 int4[] project,
-- $3 text[] msgid or null, $4 int4[] series or null, $5 int4[] patch or null.
insert into patchwork_series_dependencies (from_series_id, to_series_id)
select distinct u.from_id, s.id
from unnest($1::int4[], $2::int4[], $3::text[], $4::int4[], $5::int4[])
    as u (from_id, project_id, msgid, series_id, patch_id)
left join lateral (
    select q.project_id, q.msgid, q.series_id
    from patchwork_seriesreference q
    where (q.project_id, q.msgid) >= (u.project_id, u.msgid)
    order by q.project_id, q.msgid
    limit 1
) r on r.project_id = u.project_id and r.msgid = u.msgid
left join lateral (
    select q.msgid, q.project_id, q.series_id
    from patchwork_patch q
    where (q.msgid, q.project_id) >= (u.msgid, u.project_id)
    order by q.msgid, q.project_id
    limit 1
) m on m.project_id = u.project_id and m.msgid = u.msgid
left join lateral (
    select q.series_id
    from patchwork_patch q
    where q.id >= u.patch_id and q.id <= u.patch_id
    order by q.id
) p on true
cross join lateral (
    select q.id, q.project_id
    from patchwork_series q
    where q.id >= coalesce(m.series_id, r.series_id, u.series_id, p.series_id)
        and q.id <= coalesce(m.series_id, r.series_id, u.series_id, p.series_id)
    order by q.id
) s
where s.project_id = u.project_id and s.id <> u.from_id
on conflict do nothing
