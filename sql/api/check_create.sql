-- SPDX-License-Identifier: GPL-2.0-or-later
-- POST of /api/patches/ID/checks/.
create or replace function patchmail.check_create(patch_id int, base_url text, version text, format text,
    fields jsonb, viewer int)
returns table (status int, body json) language plpgsql as $$
#variable_conflict use_column
declare
    errors jsonb := '{}';
    state int := array_position(array['pending', 'success', 'warning', 'fail'],
        patchmail.api_given(fields, 'state')) - 1;
    context text := coalesce(patchmail.api_given(fields, 'context'), 'default');
    url text := patchmail.api_given(fields, 'target_url');
    check_id int;
begin
    if not exists (select from patchwork_patch p where p.id = check_create.patch_id) then
        return query select 404, json_build_object('detail', 'Not found.');
        return;
    end if;
    if not patchmail.api_may_edit(patch_id, viewer) then
        return query select 403, patchmail.api_refusal(viewer);
        return;
    end if;
    if patchmail.api_given(fields, 'state') is null then
        errors := errors || '{"state": ["A check must have a state."]}';
    elsif state is null then
        errors := errors || jsonb_build_object('state', jsonb_build_array(
            format('"%s" is not a valid choice.', patchmail.api_given(fields, 'state'))));
    end if;
    if length(context) > 255 then
        errors := errors || '{"context": ["Ensure this field has no more than 255 characters."]}';
    elsif context !~ '^[-a-zA-Z0-9_]+$' then
        errors := errors || '{"context": ["Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens."]}';
    end if;
    if length(url) > 200 then
        errors := errors || '{"target_url": ["Ensure this field has no more than 200 characters."]}';
    elsif url !~ '^(https?|ftps?)://[^\s/]+' then
        errors := errors || '{"target_url": ["Enter a valid URL."]}';
    end if;
    if errors <> '{}' then
        return query select 400, errors::json;
        return;
    end if;
    insert into patchwork_check (date, state, target_url, description, context, user_id, patch_id)
    values (clock_timestamp(), state, url, patchmail.api_given(fields, 'description'), context, viewer,
        check_create.patch_id)
    returning id into check_id;
    perform pg_advisory_xact_lock(1886216557, 0);
    perform patchmail.api_add_events(viewer, (
        select jsonb_build_array(jsonb_build_object('category', 'check-created', 'project_id', p.project_id,
            'patch_id', p.id, 'created_check_id', check_id))
        from patchwork_patch p
        where p.id = check_create.patch_id));
    return query select 201, patchmail.check_json(check_id, base_url, version, format);
end
$$;
