-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET / for people: the projects, at most 1000.
create or replace function patchmail.index_page(base_url text)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
declare
    site text[] := patchmail.api_site(base_url, null, null);
begin
    return patchmail.api_html_page(site, 'Projects', null, coalesce((
        select E'<h1>Projects</h1>\n<table class="projects"><thead><tr><th>Project</th><th>List</th></tr></thead>'
            || E'\n<tbody>' || string_agg('<tr><td class="name"><bdi>' || patchmail.api_html_link(site[1] || '/project/'
                || patchmail.api_quote(r.linkname) || '/list/', coalesce(nullif(r.name, ''), r.linkname))
            || '</bdi></td><td>' || patchmail.api_html(r.listemail) || '</td></tr>', E'\n' order by upper(r.name), r.id)
            || '</tbody></table>'
        from (
            select x.id, x.name, x.linkname, x.listemail
            from patchwork_project x
            order by upper(x.name), x.id
            limit 1000
        ) r
        having count(*) > 0), '<h1>Projects</h1><p class="none">There are no projects yet.</p>'));
end
$$;
