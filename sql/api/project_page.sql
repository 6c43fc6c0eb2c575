-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /project/P/ for people: what is known of a project. null where there is none.
create or replace function patchmail.project_page(linkname text, base_url text)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
declare
    site text[] := patchmail.api_site(base_url, null, null);
begin
    return (
        select patchmail.api_html_page(site, r.name, r.linkname, '<h1><bdi>' || patchmail.api_html(r.name)
            || E'</bdi></h1>\n' || patchmail.api_html_facts(
                'Patches', patchmail.api_html_link(site[1] || '/project/' || patchmail.api_quote(r.linkname) || '/list/', 'List'),
                'Mailing list', patchmail.api_html(r.listemail),
                'List-Id', '<code>' || patchmail.api_html(r.listid) || '</code>',
                'Archive', patchmail.api_html_outer(r.list_archive_url),
                'Website', patchmail.api_html_outer(r.web_url),
                'Source', patchmail.api_html_outer(r.scm_url),
                'Browse', patchmail.api_html_outer(r.webscm_url),
                'Maintainers', (
                    select string_agg(patchmail.api_html(u.username), ', ' order by u.username)
                    from patchwork_userprofile_maintainer_projects m
                    join patchwork_userprofile f on f.id = m.userprofile_id
                    join auth_user u on u.id = f.user_id
                    where m.project_id = r.id)))
        from patchwork_project r
        where r.linkname = project_page.linkname
    );
end
$$;
