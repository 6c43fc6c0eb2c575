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
    from patchmail.api_page(site, query, 'patchwork_event e', 'e.id', array[
        patchmail.api_where_ids(query, 'project', 'project', 'e.project_id'),
        'e.category = ' || quote_literal(patchmail.api_value(query, 'category')),
        patchmail.api_where_ids(query, 'series', 'series', 'e.series_id'),
        patchmail.api_where_ids(query, 'patch', 'patch', 'e.patch_id'),
        patchmail.api_where_ids(query, 'cover', 'cover', 'e.cover_id'),
        case when site[4] >= '2'
            then patchmail.api_where_ids(query, 'actor', 'user', 'e.actor_id') end,
        patchmail.api_where_dates(query, 'e.date'),
        -- There was no place to point to.
        case when site[4] < '3'
            then 'e.category not in (''cover-comment-created'', ''patch-comment-created'')' end
        ],
        patchmail.api_order_by(query, '{
            "date": "e.date"}', 'e.date desc, e.id desc', 'e.id'),
        'patchmail.api_event_documents');
end
$$;
