-- SPDX-License-Identifier: GPL-2.0-or-later
-- PATCH of /api/series/ID/, which Patchwork does not have: the state, delegate, archive flag of all
-- patches of a series. For those who may change each of them.
create or replace function patchmail.series_update(id int, base_url text, version text, format text,
    fields jsonb, viewer int, if_match text default null)
returns table (status int, body json) language plpgsql as $$
#variable_conflict use_column
declare
    ids int[] := array(select p.id from patchwork_patch p where p.series_id = series_update.id order by p.id);
    wanted jsonb;
begin
    if not exists (select from patchwork_series s where s.id = series_update.id) then
        return query select 404, json_build_object('detail', 'Not found.');
        return;
    end if;
    if viewer is null or exists (select from unnest(ids) p (patch_id)
            where not patchmail.api_may_edit(p.patch_id, viewer)) then
        return query select 403, patchmail.api_refusal(viewer);
        return;
    end if;
    if not patchmail.api_is_current(patchmail.series_json(id, base_url, version, format), if_match) then
        return query select 412, json_build_object('detail', 'The series has changed.');
        return;
    end if;
    wanted := patchmail.api_patch_changes((select s.project_id from patchwork_series s
        where s.id = series_update.id), fields - 'commit_ref');
    if wanted -> 'errors' <> '{}' then
        return query select 400, (wanted -> 'errors')::json;
        return;
    end if;
    perform patchmail.api_change_patches(ids, viewer, wanted -> 'changes');
    return query select 200, patchmail.series_json(id, base_url, version, format);
end
$$;
