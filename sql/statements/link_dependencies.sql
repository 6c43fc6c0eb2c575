-- The dependencies from and to these submissions, as far as both ends are there.
-- $1 int4[] project, $2 text[] msgid.
insert into patchwork_series_dependencies (from_series_id, to_series_id)
select distinct f.series_id, t.series_id
from unnest($1::int4[], $2::text[]) as u (project_id, msgid)
cross join lateral (
    (select d.project_id, d.msgid, d.on_msgid
    from patchmail.dependency d
    where d.msgid >= u.msgid and d.msgid <= u.msgid and d.project_id = u.project_id
    order by d.msgid)
    union all
    (select d.project_id, d.msgid, d.on_msgid
    from patchmail.dependency d
    where d.on_msgid >= u.msgid and d.on_msgid <= u.msgid and d.project_id = u.project_id
    order by d.on_msgid)
) d
cross join lateral (
    select m.series_id
    from patchmail.message m
    where m.msgid >= d.msgid and m.msgid <= d.msgid and m.project_id = d.project_id
    order by m.msgid
) f
cross join lateral (
    select m.series_id
    from patchmail.message m
    where m.msgid >= d.on_msgid and m.msgid <= d.on_msgid and m.project_id = d.project_id
    order by m.msgid
) t
cross join lateral (
    select q.id
    from patchwork_series q
    where q.id >= t.series_id and q.id <= t.series_id
    order by q.id
) s
where f.series_id <> t.series_id
on conflict do nothing
