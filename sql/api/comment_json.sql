-- SPDX-License-Identifier: GPL-2.0-or-later
-- A comment by id, on a patch unless on_cover: the two have ids of their own. null where
-- there is none.
create or replace function patchmail.comment_json(id int, base_url text, version text default null,
    format text default null, on_cover boolean default false)
returns json language sql stable parallel safe as $$
    select case when on_cover then patchmail.cover_comment_json(id, base_url, version, format)
        else patchmail.patch_comment_json(id, base_url, version, format) end
$$;
