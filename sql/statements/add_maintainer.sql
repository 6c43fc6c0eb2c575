-- Makes a user a maintainer of a project. $1 text: name; $2 text: link name. -> the user's id; no row:
-- there is no such user or project
with found as (
    select u.id, f.id as profile_id, r.id as project_id
    from auth_user u
    join patchwork_userprofile f on f.user_id = u.id
    cross join patchwork_project r
    where u.username = $1::text and r.linkname = $2::text
), added as (
    insert into patchwork_userprofile_maintainer_projects (userprofile_id, project_id)
    select f.profile_id, f.project_id from found f
    on conflict do nothing
)
select f.id from found f
