-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/events/
create or replace function patchmail.event_list(base_url text, query jsonb default '{}',
    version text default null)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body json)
language plpgsql as $$
declare
    site text[] := patchmail.api_site(base_url, version, patchmail.api_value(query, 'format'));
begin
    return query
    select *
    from patchmail.api_page(site, query, 'patchwork_event e', 'e.id', patchmail.api_event_conditions(site, query),
        patchmail.api_order_by(query, '{
            "date": "e.date"}', 'e.date desc, e.id desc', 'e.id'),
        'patchmail.api_event_documents');
end
$$;
