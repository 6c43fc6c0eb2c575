-- Removes a project that holds no mail. $1 text linkname. -> id, nothing where it
-- does not exist or holds mail
with gone as (
    delete from patchwork_project p
    where p.linkname = $1::text
        and not exists (select from patchwork_patch x where x.project_id = p.id)
        and not exists (select from patchwork_cover x where x.project_id = p.id)
        and not exists (select from patchwork_series x where x.project_id = p.id)
        and not exists (select from patchwork_event x where x.project_id = p.id)
    returning p.id
), policy as (
    delete from patchmail.project_policy y using gone g where y.project_id = g.id
)
select g.id from gone g
