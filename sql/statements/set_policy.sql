-- What a project wants done by itself. $1 text linkname, $2 bool: state Superseded.
insert into patchmail.project_policy (project_id, supersede)
select p.id, $2::bool
from patchwork_project p
where p.linkname = $1::text
on conflict (project_id) do update set supersede = excluded.supersede
