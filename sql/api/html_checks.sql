-- SPDX-License-Identifier: GPL-2.0-or-later
-- The newest check of each context and user of a patch, at most 200, as a table; "" where there is none.
create or replace function patchmail.api_html_checks(patch_id int)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return coalesce((
        select E'<section><h2>Checks</h2>\n<table class="checks"><tbody>' || string_agg('<tr><td><span class="check c-'
            || x.state || '">' || x.state || '</span></td><td>' || patchmail.api_html_outer(x.target_url, x.context)
            || '</td><td>' || patchmail.api_html(left(x.description, 500)) || '</td><td>'
            || patchmail.api_html(x.username) || '</td><td>' || patchmail.api_html_date(x.date) || '</td></tr>', E'\n'
            order by x.at, x.context, x.username) || E'</tbody></table></section>\n'
        from (
            select y.context, y.target_url, y.description, y.date, u.username,
                (array['pending', 'success', 'warning', 'fail'])[y.state + 1] as state,
                array_position(array[3, 2, 0, 1], y.state::int) as at
            from (
                select distinct on (k.user_id, k.context) k.user_id, k.context, k.state, k.target_url,
                    k.description, k.date
                from patchwork_check k
                where k.patch_id = api_html_checks.patch_id
                order by k.user_id, k.context, k.date desc, k.id desc
            ) y
            join auth_user u on u.id = y.user_id
            order by 7, 1
            limit 200
        ) x
    ), '');
end
$$;
