-- Series that belong to another project, with their events. What leads to them there
-- is decided anew. $1 int4[] series, $2 int4[] project.
with moved as (
    update patchwork_series s set project_id = u.project_id
    from unnest($1::int4[], $2::int4[]) as u (id, project_id)
    where s.id = u.id
),
led as (
    delete from patchwork_seriesreference r
    where r.series_id = any ($1::int4[])
    returning r.msgid, r.series_id
),
leads as (
    insert into patchwork_seriesreference (project_id, msgid, series_id)
    select u.project_id, l.msgid, l.series_id
    from led l
    join unnest($1::int4[], $2::int4[]) as u (id, project_id) on u.id = l.series_id
    on conflict (project_id, msgid) do nothing
)
update patchwork_event e set project_id = u.project_id
from unnest($1::int4[], $2::int4[]) as u (id, project_id)
where e.series_id = u.id
