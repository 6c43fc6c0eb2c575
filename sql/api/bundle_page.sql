-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /bundle/USER/NAME/ for people: its patches in order, at most 250. A public bundle, or one of viewer;
-- null where there is none.
create or replace function patchmail.bundle_page(username text, name text, base_url text, viewer int default null)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
declare
    site text[] := patchmail.api_site(base_url, null, null);
begin
    return (
        select patchmail.api_html_page(site, b.name, r.linkname, concat(
            '<h1>Bundle <bdi>', patchmail.api_html(b.name), E'</bdi></h1>\n', patchmail.api_html_facts(
                'Owner', patchmail.api_html(u.username),
                'Download', patchmail.api_html_link(site[1] || '/bundle/' || patchmail.api_quote(u.username) || '/'
                    || patchmail.api_quote(b.name) || '/mbox/', 'mbox')),
            patchmail.api_html_table((
                select coalesce(string_agg(patchmail.api_html_row(site, m.patch_id), E'\n' order by m."order", m.id), '')
                from (
                    select o.id, o."order", o.patch_id
                    from patchwork_bundlepatch o
                    where o.bundle_id = b.id
                    order by o."order", o.id
                    limit 250
                ) m))))
        from patchwork_bundle b
        join patchwork_project r on r.id = b.project_id
        join auth_user u on u.id = b.owner_id
        where u.username = bundle_page.username and b.name = bundle_page.name
            and (b.public or b.owner_id = viewer)
    );
end
$$;
