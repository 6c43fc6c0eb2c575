-- SPDX-License-Identifier: GPL-2.0-or-later
-- What the checks of a patch say together: the newest of each user and context counts, and the
-- worst of those.
create or replace function patchmail.api_check_state(patch_id int)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case
            when bool_or(x.state = 3) then 'fail'
            when bool_or(x.state = 2) then 'warning'
            when bool_or(x.state = 0) then 'pending'
            when bool_or(x.state = 1) then 'success'
            else 'pending' end
        from (
            select distinct on (k.user_id, k.context) k.state
            from patchwork_check k
            where k.patch_id = api_check_state.patch_id
            order by k.user_id, k.context, k.date desc, k.id desc
        ) x
    );
end
$$;
