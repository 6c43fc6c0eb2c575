-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/covers/ID/; null where there is none.
create or replace function patchmail.cover_json(id int, base_url text, version text default null,
    format text default null)
returns json language sql stable parallel safe as $$
    select patchmail.api_with(
        patchmail.api_cover_item(patchmail.api_site(base_url, version, format), c.id),
        json_build_object(
            'headers', patchmail.api_headers(c.headers)::json,
            'content', c.content))
    from patchwork_cover c
    where c.id = cover_json.id
$$;
