-- SPDX-License-Identifier: GPL-2.0-or-later
-- Writes events of what viewer did, and tells who listens. The caller holds lock_events, and what
-- it wrote before is seen: so none becomes visible behind a newer one.
create or replace function patchmail.api_add_events(viewer int, events jsonb)
returns void language plpgsql as $$
#variable_conflict use_column
declare
    written record;
begin
    for written in
        insert into patchwork_event (category, date, actor_id, project_id, patch_id, created_check_id,
            previous_state_id, current_state_id, previous_delegate_id, current_delegate_id,
            previous_relation_id, current_relation_id)
        select n.item ->> 'category', b.date + n.at * interval '1 microsecond', viewer,
            (n.item ->> 'project_id')::int, (n.item ->> 'patch_id')::int, (n.item ->> 'created_check_id')::int,
            (n.item ->> 'previous_state_id')::int, (n.item ->> 'current_state_id')::int,
            (n.item ->> 'previous_delegate_id')::int, (n.item ->> 'current_delegate_id')::int,
            (n.item ->> 'previous_relation_id')::int, (n.item ->> 'current_relation_id')::int
        from jsonb_array_elements(coalesce(events, '[]')) with ordinality n (item, at)
        cross join (
            select greatest(clock_timestamp(), (
                select e.date from patchwork_event e order by e.id desc limit 1)) as date
        ) b
        order by n.at
        returning id, category, project_id, patch_id
    loop
        perform pg_notify('patchmail', json_build_object('category', written.category,
            'project', (select r.linkname from patchwork_project r where r.id = written.project_id),
            'id', written.id,
            'msgid', (select p.msgid from patchwork_patch p where p.id = written.patch_id))::text);
    end loop;
end
$$;
