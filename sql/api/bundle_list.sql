-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/bundles/: the public ones, and those of viewer (a user's id; null: of nobody).
create or replace function patchmail.bundle_list(base_url text, query jsonb default '{}',
    version text default null, viewer int default null)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body json)
language plpgsql as $$
declare
    site text[] := patchmail.api_site(base_url, version, patchmail.api_value(query, 'format'));
begin
    return query
    select l.status, l.total, l.is_exact, l.page, l.per_page, l.body
    from patchmail.api_page(site, query, 'patchwork_bundle b', 'b.id', array[
        coalesce('(b.public or b.owner_id = ' || viewer || ')', 'b.public'),
        patchmail.api_where_ids(query, 'project', 'project', 'b.project_id'),
        patchmail.api_where_ids(query, 'owner', 'user', 'b.owner_id'),
        patchmail.api_where_flag(query, 'public', 'b.public'),
        patchmail.api_where_search(query, 'b.name')
        ],
        patchmail.api_order_by(query, '{
            "id": "b.id", "name": "b.name", "owner": "b.owner_id"}', 'b.id', 'b.id'),
        'patchmail.api_bundle_item($1, x.id)') l;
end
$$;
