-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/patches/ID/; null where there is none.
create or replace function patchmail.patch_json(id int, base_url text, version text default null,
    format text default null)
returns json language plpgsql stable parallel safe as $$
begin
    return patchmail.api_patch_document(id, base_url, version, format)::json;
end
$$;
