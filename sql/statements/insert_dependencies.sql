-- Depends-on: by Message-ID, by the id of a series or of a patch; only on series of the
-- same project that are there. $1 int4[] from, $2 int4[] project,
-- $3 text[] msgid or null, $4 int4[] series or null, $5 int4[] patch or null.
insert into patchwork_series_dependencies (from_series_id, to_series_id)
select distinct u.from_id, s.id
from unnest($1::int4[], $2::int4[], $3::text[], $4::int4[], $5::int4[])
    as u (from_id, project_id, msgid, series_id, patch_id)
left join patchwork_seriesreference r
    on r.project_id = u.project_id and r.msgid = u.msgid
left join patchwork_patch m on m.project_id = u.project_id and m.msgid = u.msgid
left join patchwork_patch p on p.id = u.patch_id
join patchwork_series s
    on s.id = coalesce(m.series_id, r.series_id, u.series_id, p.series_id) and s.project_id = u.project_id
where s.id <> u.from_id
on conflict do nothing
