-- SPDX-License-Identifier: GPL-2.0-or-later
-- One page of a list. source: what follows "from"; conditions: SQL, nulls are ignored; item:
-- the call that makes the document of x.id, with the site as $1; null where who calls makes the
-- documents of ids.
-- Counting is what takes long: where there are more than count_limit rows the planner's guess
-- stands in, and is_exact says so; not where somebody counts (per_page=1) or asks for a page
-- near the end, which is counted exactly. Counting even to the limit takes longer than all else,
-- so it is not done where there are more than 1,000 rows and the planner is sure of many more.
-- Few rows are found by what they have in common and sorted, behind "offset 0"; the planner would
-- rather walk all rows in their order and hope to meet them soon. (Not stable, since only
-- volatile functions may explain.)
create or replace function patchmail.api_page(site text[], query jsonb, source text, id_column text,
    conditions text[], order_by text, item text, count_limit int default 10000)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body json, ids int[])
language plpgsql as $$
declare
    asked text := coalesce(patchmail.api_value(query, 'page'), '1');
    matching text := source || coalesce(' where ' || nullif(array_to_string(conditions, ' and '), ''), '');
    alias text := split_part(source, ' ', 2);
    counting text := 'select count(*) from (select from %s limit %s) x';
    few int := least(1000, count_limit);
    plan json;
    guess bigint;
begin
    per_page := least(coalesce(nullif(substring(patchmail.api_value(query, 'per_page')
        from '^\s*(\d{1,9})\s*$')::int, 0), 30), 250);
    page := case when asked ~ '^\s*\d{1,9}\s*$' then asked::int when asked = 'last' then 1 else 0 end;
    if matching = source then
        total := (
            select c.reltuples::bigint
            from pg_class c
            where c.oid = split_part(source, ' ', 1)::regclass);
        if total <= 2 * count_limit then
            execute 'select count(*) from ' || matching into total;
        end if;
    else
        execute format(counting, matching, few + 1) into total;
        if total > few then
            execute format('explain (format json) select from %s limit %s', matching, count_limit + 1) into plan;
            guess := (plan #>> '{0,Plan,Plans,0,Plan Rows}')::numeric::bigint;
            if coalesce(guess, 0) <= 4 * count_limit then
                execute format(counting, matching, count_limit + 1) into total;
            end if;
            if total > count_limit or guess > 4 * count_limit then
                total := greatest(total, guess);
            end if;
        end if;
    end if;
    is_exact := total <= count_limit;
    if not is_exact and (per_page = 1 or asked = 'last' or page::bigint * per_page > total - count_limit) then
        execute 'select count(*) from ' || matching into total;
        is_exact := true;
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
    -- Nobody reads all columns of users; they are few.
    if is_exact and total <= count_limit and matching <> source and source not like 'auth_user %' then
        matching := format('(select %s.* from %s offset 0) %s', alias, matching, alias);
    end if;
    execute format('select array(select %s from %s order by %s limit %s offset %s)', id_column, matching,
        order_by, per_page, (page::bigint - 1) * per_page) into ids;
    if item is not null then
        execute format('select coalesce(json_agg(%s order by x.at), ''[]'') '
            'from unnest($2) with ordinality x (id, at)', item) using site, ids into body;
    end if;
    if not is_exact and cardinality(ids) < per_page then
        execute 'select count(*) from ' || source
            || coalesce(' where ' || nullif(array_to_string(conditions, ' and '), ''), '') into total;
        is_exact := true;
        if cardinality(ids) = 0 and page > 1 then
            status := 404;
            body := json_build_object('detail', 'Invalid page.');
        end if;
    end if;
    return next;
end
$$;
