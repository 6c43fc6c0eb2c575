-- Patches that belong to another project, with their events. $1 int4[] patches, $2 int4[]
-- project.
with moved as (
    update patchwork_patch t set project_id = u.project_id
    from unnest($1::int4[], $2::int4[]) as u (id, project_id)
    where t.id = u.id
)
update patchwork_event e set project_id = u.project_id
from unnest($1::int4[], $2::int4[]) as u (id, project_id)
where e.patch_id = u.id
