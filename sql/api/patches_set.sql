-- SPDX-License-Identifier: GPL-2.0-or-later
-- What patch_update() does, for patches named by id or Message-ID, by who has the database: all are
-- changed, or none. actor: the user that events name; null: nobody, as Patchwork has it where neither
-- its pages nor its API were used. One row with an error, or one for each patch.
create or replace function patchmail.patches_set(patches text[], fields jsonb, actor text default null)
returns table (error text, id int, msgid text, name text, changed text, state text, delegate text,
    archived boolean, commit_ref text) language plpgsql as $$
#variable_conflict use_column
declare
    ids int[];
    actor_id int := patchmail.api_id_of('user', actor);
    wanted jsonb;
    old jsonb;
    message text;
begin
    select array_agg(distinct f.ids[1]), min(case
            when cardinality(f.ids) = 0 then format('there is no patch "%s"', f.given)
            when cardinality(f.ids) > 1 then format('"%s" is in several projects, as patches %s', f.given,
                array_to_string(f.ids, ', ')) end)
    into ids, message
    from (
        select g.given, array(
            select p.id
            from patchwork_patch p
            where p.id = case when g.given ~ '^[0-9]{1,9}$' then g.given::int end
                or p.msgid in (g.given, '<' || g.given || '>')
            order by p.id) as ids
        from unnest(patches) g (given)
    ) f;
    message := coalesce(message, (
        select format('there is no user "%s"; "patchmail user list" shows them', u.given)
        from (values (actor), (fields ->> 'delegate')) u (given)
        where u.given <> '' and patchmail.api_id_of('user', u.given) is null
        limit 1));
    if message is null then
        perform from patchwork_patch p where p.id = any (ids) order by p.id for update;
        for wanted in
            select patchmail.api_patch_changes(d.project_id, fields)
            from (select distinct p.project_id from patchwork_patch p where p.id = any (ids)) d
        loop
            message := coalesce(message, (
                select string_agg(e.value ->> 0, ' ') from jsonb_each(wanted -> 'errors') e));
        end loop;
    end if;
    if message is not null then
        error := message;
        return next;
        return;
    end if;
    select jsonb_agg(to_jsonb(x)) into old
    from (
        select p.id, p.state_id, p.delegate_id, p.archived, p.commit_ref
        from patchwork_patch p
        where p.id = any (ids)
    ) x;
    perform patchmail.api_change_patches(ids, actor_id, wanted -> 'changes');
    return query
    select null::text, p.id, p.msgid::text, p.name::text, concat_ws(', ',
            case when p.state_id is distinct from o.state_id then 'state' end,
            case when p.delegate_id is distinct from o.delegate_id then 'delegate' end,
            case when p.archived is distinct from o.archived then 'archived' end,
            case when p.commit_ref is distinct from o.commit_ref then 'commit-ref' end),
        t.slug::text, u.username::text, p.archived, p.commit_ref::text
    from jsonb_to_recordset(old) o (id int, state_id int, delegate_id int, archived boolean, commit_ref text)
    join patchwork_patch p on p.id = o.id
    left join patchwork_state t on t.id = p.state_id
    left join auth_user u on u.id = p.delegate_id
    order by p.id;
end
$$;
