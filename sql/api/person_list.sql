-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/people/; that it is for those who are logged in is for the caller to ask.
create or replace function patchmail.person_list(base_url text, query jsonb default '{}',
    version text default null)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body json)
language plpgsql as $$
declare
    site text[] := patchmail.api_site(base_url, version, patchmail.api_value(query, 'format'));
begin
    return query
    select l.status, l.total, l.is_exact, l.page, l.per_page, l.body
    from patchmail.api_page(site, query, 'patchwork_person p', 'p.id', array[
        patchmail.api_where_search(query, 'p.name', 'p.email')
        ],
        patchmail.api_order_by(query, '{
            "id": "p.id", "name": "p.name", "email": "p.email"}', 'p.id', 'p.id'),
        'patchmail.api_person_item($1, x.id)') l;
end
$$;
