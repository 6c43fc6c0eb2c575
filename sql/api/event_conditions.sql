-- SPDX-License-Identifier: GPL-2.0-or-later
-- What a request wants of events, as SQL; nulls are no conditions.
create or replace function patchmail.api_event_conditions(site text[], query jsonb)
returns text[] language plpgsql stable parallel safe as $$
begin
    return array[
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
            then 'e.category not in (''cover-comment-created'', ''patch-comment-created'')' end];
end
$$;
