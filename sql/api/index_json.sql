-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/
create or replace function patchmail.index_json(base_url text, version text default null,
    format text default null)
returns json language sql stable parallel safe as $$
    select json_object_agg(w.what, s.site[2] || '/' || w.what || '/' || s.site[3] order by w.at)
    from unnest(array['projects', 'users', 'people', 'patches', 'covers', 'series', 'events',
        'bundles']) with ordinality as w (what, at)
    cross join (select patchmail.api_site(base_url, version, format) as site) s
$$;
