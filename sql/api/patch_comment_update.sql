-- SPDX-License-Identifier: GPL-2.0-or-later
-- PUT and PATCH of /api/patches/N/comments/ID/: whether it was addressed.
create or replace function patchmail.patch_comment_update(patch_id int, id int, base_url text, version text,
    format text, fields jsonb, viewer int)
returns table (status int, body json) language plpgsql as $$
#variable_conflict use_column
declare
    may boolean;
begin
    select c.user_id = viewer or patchmail.api_may_edit(m.id, viewer) into may
    from patchwork_patchcomment k
    join patchwork_patch m on m.id = k.patch_id
    join patchwork_person c on c.id = k.submitter_id
    where k.id = patch_comment_update.id and k.patch_id = patch_comment_update.patch_id;
    if not found then
        return query select 404, json_build_object('detail', 'Not found.');
        return;
    end if;
    if may is not true then
        return query select 403, patchmail.api_refusal(viewer);
        return;
    end if;
    if fields ? 'addressed' and patchmail.api_given(fields, 'addressed') is not null
            and patchmail.api_given_flag(fields, 'addressed') is null then
        return query select 400, '{"addressed": ["Must be a valid boolean."]}'::json;
        return;
    end if;
    update patchwork_patchcomment k
    set addressed = case when fields ? 'addressed' then patchmail.api_given_flag(fields, 'addressed')
        else k.addressed end
    where k.id = patch_comment_update.id;
    return query select 200, patchmail.patch_comment_json(id, base_url, version, format);
end
$$;
