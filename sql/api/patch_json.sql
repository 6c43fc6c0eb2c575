-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/patches/ID/; null where there is none.
create or replace function patchmail.patch_json(id int, base_url text, version text default null,
    format text default null)
returns json language sql stable parallel safe as $$
    select patchmail.api_with(
        patchmail.api_patch_item(patchmail.api_site(base_url, version, format), p.id),
        json_build_object(
            'headers', patchmail.api_headers(p.headers),
            'content', p.content,
            'diff', p.diff,
            'prefixes', patchmail.api_prefixes(p.name)))
    from patchwork_patch p
    where p.id = patch_json.id
$$;
