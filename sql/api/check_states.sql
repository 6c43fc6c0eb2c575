-- SPDX-License-Identifier: GPL-2.0-or-later
-- What the checks of each of these patches say together: the newest of each user and context counts, and the
-- worst of those. null where none of them has any.
create or replace function patchmail.api_check_states(ids int[])
returns text[] language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    if not exists (select from patchwork_check k where k.patch_id = any (ids)) then
        return null;
    end if;
    return array(
        select coalesce(c.state, 'pending')
        from unnest(ids) with ordinality w (id, at)
        left join (
            select x.patch_id, case
                when bool_or(x.state = 3) then 'fail'
                when bool_or(x.state = 2) then 'warning'
                when bool_or(x.state = 0) then 'pending'
                when bool_or(x.state = 1) then 'success' end as state
            from (
                select distinct on (k.patch_id, k.user_id, k.context) k.patch_id, k.state
                from patchwork_check k
                where k.patch_id = any (ids)
                order by k.patch_id, k.user_id, k.context, k.date desc, k.id desc
            ) x
            group by x.patch_id
        ) c on c.patch_id = w.id
        order by w.at
    );
end
$$;
