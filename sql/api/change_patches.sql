-- SPDX-License-Identifier: GPL-2.0-or-later
-- Changes patches, with Patchwork's notifications and events. changes: state_id, delegate_id,
-- archived, commit_ref, related_id, those that are given. Events come last, under lock_events.
create or replace function patchmail.api_change_patches(ids int[], viewer int, changes jsonb)
returns void language plpgsql as $$
#variable_conflict use_column
declare
    old jsonb;
begin
    perform from patchwork_patch p where p.id = any (ids) order by p.id for update;
    select jsonb_agg(jsonb_build_object('id', p.id, 'project_id', p.project_id, 'msgid', p.msgid,
        'state_id', p.state_id, 'delegate_id', p.delegate_id, 'related_id', p.related_id) order by p.id)
    into old
    from patchwork_patch p
    where p.id = any (ids);
    update patchwork_patch p
    set state_id = coalesce((changes ->> 'state_id')::int, p.state_id),
        delegate_id = case when changes ? 'delegate_id' then (changes ->> 'delegate_id')::int
            else p.delegate_id end,
        archived = coalesce((changes ->> 'archived')::boolean, p.archived),
        commit_ref = case when changes ? 'commit_ref' then changes ->> 'commit_ref' else p.commit_ref end,
        related_id = case when changes ? 'related_id' then (changes ->> 'related_id')::int
            else p.related_id end
    where p.id = any (ids);
    -- Back where it was: nobody need be told. Only of projects that want it.
    with changed as (
        select o.id, o.state_id as old_id, p.state_id as new_id
        from jsonb_to_recordset(old) o (id int, state_id int)
        join patchwork_patch p on p.id = o.id
        join patchwork_project r on r.id = p.project_id and r.send_notifications
        where p.state_id is distinct from o.state_id
    ), silenced as (
        delete from patchwork_patchchangenotification n
        using changed c
        where n.patch_id = c.id and n.orig_state_id = c.new_id
        returning n.patch_id
    )
    insert into patchwork_patchchangenotification (patch_id, last_modified, orig_state_id)
    select c.id, now(), c.old_id
    from changed c
    where not exists (
        select from patchwork_patchchangenotification n
        where n.patch_id = c.id and n.orig_state_id = c.new_id)
    on conflict (patch_id) do update set last_modified = excluded.last_modified;
    perform pg_advisory_xact_lock(1886216557, 0);
    perform patchmail.api_add_events(viewer, (
        select jsonb_agg(jsonb_build_object('category', e.category, 'project_id', o.project_id,
            'msgid', o.msgid, 'patch_id', o.id,
            'previous_state_id', case e.at when 1 then o.state_id end,
            'current_state_id', case e.at when 1 then p.state_id end,
            'previous_delegate_id', case e.at when 2 then o.delegate_id end,
            'current_delegate_id', case e.at when 2 then p.delegate_id end,
            'previous_relation_id', case e.at when 3 then o.related_id end,
            'current_relation_id', case e.at when 3 then p.related_id end) order by o.id, e.at)
        from jsonb_to_recordset(old) o (id int, project_id int, msgid text, state_id int, delegate_id int,
            related_id int)
        join patchwork_patch p on p.id = o.id
        cross join (values (1, 'patch-state-changed'), (2, 'patch-delegated'),
            (3, 'patch-relation-changed')) e (at, category)
        where case e.at when 1 then p.state_id is distinct from o.state_id
            when 2 then p.delegate_id is distinct from o.delegate_id
            else p.related_id is distinct from o.related_id end));
end
$$;
