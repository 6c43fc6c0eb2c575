-- SPDX-License-Identifier: GPL-2.0-or-later
-- One page of a list. source: what follows "from"; conditions: SQL, nulls are ignored; item:
-- the call that makes the document of x.id, with the site as $1.
-- Counting is what takes long: where there are more than count_limit rows the planner's guess
-- stands in, and is_exact says so; not where somebody counts (per_page=1) or asks for a page
-- near the end, which is counted exactly. (Not stable, since only volatile functions may explain.)
create or replace function patchmail.api_page(site text[], query jsonb, source text, id_column text,
    conditions text[], order_by text, item text, count_limit int default 100000)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body json)
language plpgsql as $$
declare
    asked text := coalesce(patchmail.api_value(query, 'page'), '1');
    matching text := source || coalesce(' where ' || nullif(array_to_string(conditions, ' and '), ''), '');
    plan json;
begin
    per_page := least(coalesce(nullif(substring(patchmail.api_value(query, 'per_page')
        from '^\s*(\d{1,9})\s*$')::int, 0), 30), 250);
    page := case when asked ~ '^\s*\d{1,9}\s*$' then asked::int when asked = 'last' then 1 else 0 end;
    execute format('select count(*) from (select from %s limit %s) x', matching, count_limit + 1)
        into total;
    is_exact := total <= count_limit;
    if not is_exact then
        execute 'explain (format json) select ' || id_column || ' from ' || matching into plan;
        total := greatest(total, (plan -> 0 -> 'Plan' ->> 'Plan Rows')::numeric::bigint);
        if per_page = 1 or asked = 'last' or page::bigint * per_page > total - count_limit then
            execute 'select count(*) from ' || matching into total;
            is_exact := true;
        end if;
    end if;
    if asked = 'last' then
        page := greatest(1, (total + per_page - 1) / per_page);
    end if;
    if page < 1 or page > 1 and (page::bigint - 1) * per_page >= total then
        status := 404;
        body := json_build_object('detail', 'Invalid page.');
        return next;
        return;
    end if;
    status := 200;
    execute format('select coalesce(json_agg(%s order by x.at), ''[]'') from ('
        'select y.id, row_number() over () as at from ('
        'select %s as id from %s order by %s limit %s offset %s) y) x',
        item, id_column, matching, order_by, per_page, (page::bigint - 1) * per_page)
        using site into body;
    return next;
end
$$;
