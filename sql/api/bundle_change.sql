-- SPDX-License-Identifier: GPL-2.0-or-later
-- POST (id null), PUT, PATCH and DELETE (fields null) of bundles; of all but PATCH is_whole. Their owners change
-- them.
create or replace function patchmail.bundle_change(id int, base_url text, version text, format text,
    fields jsonb, viewer int, is_whole boolean default true)
returns table (status int, body json) language plpgsql as $$
#variable_conflict use_column
declare
    target_id int := id;
    owner int := (select b.owner_id from patchwork_bundle b where b.id = bundle_change.id
        and (b.public or b.owner_id = viewer));
    ids int[] := case when fields ? 'patches' then patchmail.api_given_ids(fields, 'patches') end;
    given_name text := patchmail.api_given(fields, 'name');
    projects int[];
    wrong text;
    errors jsonb := '{}';
begin
    if id is not null and owner is null then
        return query select 404, json_build_object('detail', 'Not found.');
        return;
    end if;
    if viewer is null or owner <> viewer then
        return query select 403, patchmail.api_refusal(viewer);
        return;
    end if;
    if fields is null then
        delete from patchwork_bundlepatch m where m.bundle_id = bundle_change.id;
        delete from patchwork_bundle b where b.id = bundle_change.id;
        return query select 204, null::json;
        return;
    end if;
    if given_name is null and (is_whole or fields ? 'name') then
        errors := errors || jsonb_build_object('name', jsonb_build_array(case fields -> 'name'
            when '""' then 'This field may not be blank.'
            when 'null' then 'This field may not be null.'
            else 'This field is required.' end));
    elsif length(given_name) > 50 then
        errors := errors || '{"name": ["Ensure this field has no more than 50 characters."]}';
    elsif exists (select from patchwork_bundle b where b.owner_id = viewer and b.name = given_name
            and b.id is distinct from bundle_change.id) then
        errors := errors || '{"detail": ["The fields owner, name must make a unique set."]}';
    end if;
    if fields ? 'public' and patchmail.api_given_flag(fields, 'public') is null then
        errors := errors || '{"public": ["Must be a valid boolean."]}';
    end if;
    if is_whole and not fields ? 'patches' then
        errors := errors || '{"patches": ["This field is required."]}';
    elsif fields ? 'patches' then
        select array_agg(distinct p.project_id) into projects from patchwork_patch p where p.id = any (ids);
        wrong := patchmail.api_wrong_patch(fields, 'patches');
        if wrong is not null then
            errors := errors || jsonb_build_object('patches', jsonb_build_array(wrong));
        elsif projects is null then
            errors := errors || '{"patches": ["Bundles cannot be empty"]}';
        elsif cardinality(projects) > 1 then
            errors := errors || '{"patches": ["Bundle patches must belong to the same project"]}';
        end if;
    end if;
    if errors <> '{}' then
        return query select 400, errors::json;
        return;
    end if;
    if id is null then
        insert into patchwork_bundle (name, public, owner_id, project_id)
        values (given_name, coalesce(patchmail.api_given_flag(fields, 'public'), false), viewer, projects[1])
        returning id into target_id;
    else
        update patchwork_bundle b
        set name = coalesce(given_name, b.name),
            public = coalesce(patchmail.api_given_flag(fields, 'public'), b.public),
            project_id = coalesce(projects[1], b.project_id)
        where b.id = bundle_change.id;
    end if;
    if ids is not null then
        delete from patchwork_bundlepatch m where m.bundle_id = target_id;
        insert into patchwork_bundlepatch ("order", bundle_id, patch_id)
        select min(w.at), target_id, w.patch_id
        from unnest(ids) with ordinality w (patch_id, at)
        group by w.patch_id
        order by 1;
    end if;
    return query select case when bundle_change.id is null then 201 else 200 end,
        patchmail.bundle_json(target_id, base_url, version, format);
end
$$;
