-- SPDX-License-Identifier: GPL-2.0-or-later
-- PUT and PATCH of /api/covers/N/comments/ID/: whether it was addressed.
create or replace function patchmail.cover_comment_update(cover_id int, id int, base_url text, version text,
    format text, fields jsonb, viewer int)
returns table (status int, body json) language plpgsql as $$
#variable_conflict use_column
declare
    may boolean;
begin
    select c.user_id = viewer or patchmail.api_maintains(m.project_id, viewer) into may
    from patchwork_covercomment k
    join patchwork_cover m on m.id = k.cover_id
    join patchwork_person c on c.id = k.submitter_id
    where k.id = cover_comment_update.id and k.cover_id = cover_comment_update.cover_id;
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
    update patchwork_covercomment k
    set addressed = case when fields ? 'addressed' then patchmail.api_given_flag(fields, 'addressed')
        else k.addressed end
    where k.id = cover_comment_update.id;
    return query select 200, patchmail.cover_comment_json(id, base_url, version, format);
end
$$;
