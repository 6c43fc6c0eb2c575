-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/users/; that it is for those who are logged in is for the caller to ask.
create or replace function patchmail.user_list(base_url text, query jsonb default '{}',
    version text default null)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body json)
language plpgsql as $$
declare
    site text[] := patchmail.api_site(base_url, version, patchmail.api_value(query, 'format'));
begin
    return query
    select l.status, l.total, l.is_exact, l.page, l.per_page, l.body
    from patchmail.api_page(site, query, 'auth_user u', 'u.id', array[
        patchmail.api_where_search(query, 'u.username', 'u.first_name', 'u.last_name', 'u.email')
        ],
        patchmail.api_order_by(query, '{
            "id": "u.id", "username": "u.username", "email": "u.email"}', 'u.id', 'u.id'),
        'patchmail.api_user_brief($1, x.id)') l;
end
$$;
