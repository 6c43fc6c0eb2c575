-- The dependencies from and to these submissions, as far as both ends are there.
-- $1 int4[] project, $2 text[] msgid.
insert into patchwork_series_dependencies (from_series_id, to_series_id)
select distinct f.series_id, t.series_id
from (
    select d.project_id, d.msgid, d.on_msgid
    from unnest($1::int4[], $2::text[]) as u (project_id, msgid)
    join patchmail.dependency d on d.msgid = u.msgid and d.project_id = u.project_id
    union
    select d.project_id, d.msgid, d.on_msgid
    from unnest($1::int4[], $2::text[]) as u (project_id, msgid)
    join patchmail.dependency d on d.on_msgid = u.msgid and d.project_id = u.project_id
) d
join patchmail.message f on f.msgid = d.msgid and f.project_id = d.project_id
join patchmail.message t on t.msgid = d.on_msgid and t.project_id = d.project_id
join patchwork_series s on s.id = t.series_id
where f.series_id <> t.series_id
on conflict do nothing
