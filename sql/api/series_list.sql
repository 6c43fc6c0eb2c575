-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/series/
create or replace function patchmail.series_list(base_url text, query jsonb default '{}',
    version text default null)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body json)
language sql as $$
    select l.status, l.total, l.is_exact, l.page, l.per_page, l.body::json
    from patchmail.api_list_series(base_url, query, version) l
$$;
