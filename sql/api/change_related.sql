-- SPDX-License-Identifier: GPL-2.0-or-later
-- Gives a patch the relation with others (none: takes it out of its own), by Patchwork's rules: who
-- does so maintains the projects of all, and a patch leaves one relation before it joins another.
-- null where it was done, else (status, detail).
create or replace function patchmail.api_change_related(patch_id int, others int[], viewer int)
returns json language plpgsql as $$
#variable_conflict use_column
declare
    own int := (select p.related_id from patchwork_patch p where p.id = patch_id);
    relations int[];
    everyone int[];
begin
    everyone := array(select p.id from patchwork_patch p
        where p.id = any (others || patch_id) or p.related_id = own);
    select array_agg(distinct p.related_id) into relations
    from patchwork_patch p
    where p.id = any (others || patch_id) and p.related_id is not null;
    everyone := everyone || array(select p.id from patchwork_patch p where p.related_id = any (relations));
    if exists (
        select
        from patchwork_patch p
        where p.id = any (everyone) and not patchmail.api_maintains(p.project_id, viewer)) then
        return json_build_array(403, 'At least one patch is part of a project you are not maintaining.');
    end if;
    if cardinality(others) = 0 then
        -- Of two, none is left; a relation of one is none.
        everyone := array(select p.id from patchwork_patch p where p.related_id = own);
        perform patchmail.api_change_patches(case when cardinality(everyone) > 2 then array[patch_id]
            else everyone end, viewer, '{"related_id": null}');
        return null;
    end if;
    if cardinality(relations) > 1 then
        return json_build_array(409, 'At least one patch is already part of another relation. You have to '
            'explicitly remove a patch from its existing relation before moving it to this one.');
    end if;
    if relations is null then
        insert into patchwork_patchrelation default values returning array[id] into relations;
    end if;
    perform patchmail.api_change_patches(others || patch_id, viewer,
        jsonb_build_object('related_id', relations[1]));
    return null;
end
$$;
