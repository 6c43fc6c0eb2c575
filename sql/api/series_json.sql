-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/series/ID/; null where there is none.
create or replace function patchmail.series_json(id int, base_url text, version text default null,
    format text default null)
returns json language sql stable parallel safe as $$
    select patchmail.api_series_item(patchmail.api_site(base_url, version, format), id)::json
$$;
