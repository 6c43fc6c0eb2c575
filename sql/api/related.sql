-- SPDX-License-Identifier: GPL-2.0-or-later
-- The other patches of a patch's relation.
create or replace function patchmail.api_related(site text[], relation_id int, patch_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select coalesce(json_agg(patchmail.api_patch_brief(site, o.id) order by o.date, o.id), '[]')
        from patchwork_patch o
        where o.related_id = relation_id and o.id <> patch_id
    );
end
$$;
