-- SPDX-License-Identifier: GPL-2.0-or-later
-- The patches of a series in order, 100 of them around the one that the page shows (null: the first).
create or replace function patchmail.api_html_members(site text[], series_id int, patch_id int)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select '<section><h2>Patches of the series</h2>' || E'\n' || patchmail.api_html_table(coalesce(string_agg(
                patchmail.api_html_row(site, x.id, x.id = patch_id), E'\n' order by x.at), ''))
            || case when max(x.total) > 100 then '<p class="cut">' || count(*) || ' of ' || max(x.total)
                || ' are shown.</p>' else '' end || '</section>'
        from (
            select y.id, y.at, y.total
            from (
                select p.id, row_number() over w as at, count(*) over () as total,
                    max(p.number) filter (where p.id = api_html_members.patch_id) over () as here, p.number
                from patchwork_patch p
                where p.series_id = api_html_members.series_id
                window w as (order by p.number, p.date, p.id)
            ) y
            order by y.at < y.here - 49, y.at
            limit 100
        ) x
    );
end
$$;
