-- SPDX-License-Identifier: GPL-2.0-or-later
-- A check, in lists and alone; is_brief: within an event.
create or replace function patchmail.api_check_item(site text[], check_id int, is_brief boolean)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case when is_brief then json_build_object(
                'id', k.id,
                'url', u.url,
                'date', patchmail.api_date(k.date),
                'state', u.state,
                'target_url', k.target_url,
                'context', k.context)
            else json_build_object(
                'id', k.id,
                'url', u.url,
                'user', patchmail.api_user_brief(site, k.user_id),
                'date', patchmail.api_date(k.date),
                'state', u.state,
                'target_url', k.target_url,
                'context', k.context,
                'description', k.description) end
        from patchwork_check k
        cross join lateral (
            select site[2] || '/patches/' || k.patch_id || '/checks/' || k.id || '/' || site[3] as url,
                (array['pending', 'success', 'warning', 'fail'])[k.state + 1] as state
        ) u
        where k.id = check_id
    );
end
$$;
