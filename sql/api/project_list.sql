-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/projects/
create or replace function patchmail.project_list(base_url text, query jsonb default '{}',
    version text default null)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body json)
language plpgsql as $$
declare
    site text[] := patchmail.api_site(base_url, version, patchmail.api_value(query, 'format'));
begin
    return query
    select l.status, l.total, l.is_exact, l.page, l.per_page, l.body
    from patchmail.api_page(site, query, 'patchwork_project r', 'r.id', array[
        patchmail.api_where_search(query, 'r.linkname', 'r.listid', 'r.listemail', 'r.web_url',
            'r.scm_url', 'r.webscm_url', 'r.list_archive_url', 'r.list_archive_url_format',
            'r.commit_url_format')
        ],
        patchmail.api_order_by(query, '{
            "id": "r.id", "name": "r.name", "link_name": "r.linkname", "list_id": "r.listid"}', 'r.id', 'r.id'),
        'patchmail.api_project_item($1, x.id)') l;
end
$$;
