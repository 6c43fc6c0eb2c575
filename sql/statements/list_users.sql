-- -> username, email, link names of the projects that they maintain, whether they may log in, whether
--    they have a token
select u.username, u.email,
    coalesce((
        select string_agg(r.linkname, ' ' order by r.linkname)
        from patchwork_userprofile f
        join patchwork_userprofile_maintainer_projects m on m.userprofile_id = f.id
        join patchwork_project r on r.id = m.project_id
        where f.user_id = u.id), '-'),
    case when u.is_active then 'active' else 'inactive' end,
    case when exists (select from authtoken_token t where t.user_id = u.id) then 'token' else '-' end
from auth_user u
order by u.username
