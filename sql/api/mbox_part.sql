-- SPDX-License-Identifier: GPL-2.0-or-later
-- Part of the mbox of these patches in this order: those behind so many of them, as many as have about 2 MiB. next:
-- behind how many to go on, null where that was all. All parts together are what one of them would be.
create or replace function patchmail.mbox_part(ids int[], tags boolean, behind int)
returns table (body bytea, next int) language sql stable parallel safe as $$
    with members as (
        select w.id, w.at::int as at, sum(coalesce(octet_length(r.bytes), octet_length(p.headers)
            + coalesce(octet_length(p.content), 0) + coalesce(octet_length(p.diff), 0))) over (order by w.at) as size
        from unnest(ids) with ordinality w (id, at)
        join patchwork_patch p on p.id = w.id
        left join patchmail.raw r on r.msgid = p.msgid and r.project_id = p.project_id
        where w.at > behind
    ), part as (
        select m.id, m.at
        from members m
        where m.size < 2097152 or m.at = (select min(x.at) from members x)
    )
    select coalesce(string_agg(case when m.at > 1 then '\x0a'::bytea else '' end
            || patchmail.api_mbox_of('patch', m.id, tags), ''::bytea order by m.at), ''),
        case when max(m.at) < cardinality(ids) then max(m.at) end
    from part m
$$;
