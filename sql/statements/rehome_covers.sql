-- Covers that belong to another project, with their events. $1 int4[] covers, $2 int4[]
-- project.
with moved as (
    update patchwork_cover t set project_id = u.project_id
    from unnest($1::int4[], $2::int4[]) as u (id, project_id)
    where t.id = u.id
)
update patchwork_event e set project_id = u.project_id
from unnest($1::int4[], $2::int4[]) as u (id, project_id)
where e.cover_id = u.id
