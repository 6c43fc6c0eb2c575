-- SPDX-License-Identifier: GPL-2.0-or-later
-- The column headers as an object, as Python's email package reads it: in order, folds as they
-- are, what stands there more than once (upper and lower case are one) as a list.
create or replace function patchmail.api_headers(headers text)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        with lines as (
            select x.at, x.name, lower(x.name) as key, rtrim(ltrim(x.value, E' \t'), E'\r\n') as value
            from (
                select l.at, split_part(l.line, ':', 1) as name,
                    substr(l.line, strpos(l.line, ':') + 1) as value
                from regexp_split_to_table(headers, E'\r?\n(?![ \t])') with ordinality as l (line, at)
                where strpos(l.line, ':') > 0
            ) x
        )
        select coalesce(json_object_agg(n.name,
            case when cardinality(v.list) = 1 then to_json(v.list[1]) else to_json(v.list) end
            order by n.at), '{}')
        from (select name, key, min(at) as at from lines group by name, key) n
        join (select key, array_agg(value order by at) as list from lines group by key) v using (key)
    );
end
$$;
