-- SPDX-License-Identifier: GPL-2.0-or-later
-- A project, in lists and alone.
create or replace function patchmail.api_project_item(site text[], project_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case when site[4] >= '4' then d.document
            else patchmail.api_without(d.document, variadic array['show_dependencies']
                || case when site[4] < '2' then array['list_archive_url', 'list_archive_url_format',
                    'commit_url_format'] else '{}' end
                || case when site[4] < '1' then array['subject_match'] else '{}' end) end
        from (
            select json_build_object(
                'id', r.id,
                'url', site[2] || '/projects/' || r.id || '/' || site[3],
                'name', r.name,
                'link_name', r.linkname,
                'list_id', r.listid,
                'list_email', r.listemail,
                'web_url', r.web_url,
                'scm_url', r.scm_url,
                'webscm_url', r.webscm_url,
                'maintainers', (
                    select coalesce(json_agg(json_build_object(
                        'id', f.id,
                        'url', site[2] || '/users/' || f.id || '/' || site[3],
                        'username', u.username,
                        'first_name', u.first_name,
                        'last_name', u.last_name,
                        'email', u.email) order by f.id), '[]')
                    from patchwork_userprofile_maintainer_projects m
                    join patchwork_userprofile f on f.id = m.userprofile_id
                    join auth_user u on u.id = f.user_id
                    where m.project_id = r.id),
                'subject_match', r.subject_match,
                'list_archive_url', r.list_archive_url,
                'list_archive_url_format', r.list_archive_url_format,
                'commit_url_format', r.commit_url_format,
                'show_dependencies', r.show_dependencies) as document
            from patchwork_project r
            where r.id = api_project_item.project_id
        ) d
    );
end
$$;
