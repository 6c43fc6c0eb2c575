-- SPDX-License-Identifier: GPL-2.0-or-later
-- PUT and PATCH of /api/patches/ID/: what is given is changed; a PUT (is_whole) has to give what Patchwork
-- asks for. In one transaction, or not at all.
create or replace function patchmail.patch_update(id int, base_url text, version text, format text,
    fields jsonb, viewer int, if_match text default null, is_whole boolean default false)
returns table (status int, body json) language plpgsql as $$
#variable_conflict use_column
declare
    wanted jsonb;
    others int[];
    wrong text;
    refusal json;
begin
    perform from patchwork_patch p where p.id = patch_update.id for update;
    if not found then
        return query select 404, json_build_object('detail', 'Not found.');
        return;
    end if;
    if not patchmail.api_may_edit(id, viewer) then
        return query select 403, patchmail.api_refusal(viewer);
        return;
    end if;
    if not patchmail.api_is_current(patchmail.patch_json(id, base_url, version, format), if_match) then
        return query select 412, json_build_object('detail', 'The patch has changed.');
        return;
    end if;
    wanted := patchmail.api_patch_changes(
        (select p.project_id from patchwork_patch p where p.id = patch_update.id), fields);
    if fields ? 'related' and coalesce(version, '1.4') >= '1.2' then
        others := patchmail.api_given_ids(fields, 'related');
        wrong := patchmail.api_wrong_patch(fields, 'related');
        if wrong is not null then
            wanted := jsonb_set(wanted, '{errors,related}', jsonb_build_array(wrong));
        end if;
    end if;
    if is_whole then
        wanted := jsonb_set(wanted, '{errors}', (wanted -> 'errors') || (
            select coalesce(jsonb_object_agg(k.key, '["This field is required."]'::jsonb), '{}')
            from unnest(array['state', 'delegate']) k (key)
            where not fields ? k.key));
    end if;
    if wanted -> 'errors' <> '{}' then
        return query select 400, (wanted -> 'errors')::json;
        return;
    end if;
    if others is not null then
        refusal := patchmail.api_change_related(id, array_remove(others, id), viewer);
        if refusal is not null then
            return query select (refusal ->> 0)::int, json_build_object('detail', refusal ->> 1);
            return;
        end if;
    end if;
    perform patchmail.api_change_patches(array[id], viewer, wanted -> 'changes');
    return query select 200, patchmail.patch_json(id, base_url, version, format);
end
$$;
