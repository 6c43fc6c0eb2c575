-- SPDX-License-Identifier: GPL-2.0-or-later
-- The column headers as an object, in JSON, as Python's email package reads it: in order, folds as they
-- are, what stands there more than once (upper and lower case are one) as a list.
create or replace function patchmail.api_headers(headers text)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
declare
    document text;
    is_mixed boolean;
begin
    -- Nearly all: folds are told from lines by plain replacements, where a pattern would look ahead at
    -- each byte, and each name is written in one way.
    if strpos(headers, E'\r') = 0 and strpos(headers, E'\x01') = 0 then
        select json_object_agg(n.name, case when cardinality(n.list) = 1 then to_json(n.list[1])
            else to_json(n.list) end order by n.at)::text, bool_or(n.name <> n.other)
        into document, is_mixed
        from (
            select min(x.name) as name, max(x.name) as other, min(x.at) as at,
                array_agg(x.value order by x.at) as list
            from (
                select l.at, replace(split_part(l.line, ':', 1), E'\x01', E'\n') as name,
                    replace(rtrim(ltrim(substr(l.line, strpos(l.line, ':') + 1), E' \t'), E'\x01'), E'\x01', E'\n')
                    as value
                from string_to_table(replace(replace(headers, E'\n ', E'\x01 '), E'\n\t', E'\x01\t'), E'\n')
                    with ordinality as l (line, at)
                where strpos(l.line, ':') > 0
            ) x
            group by lower(x.name)
        ) n;
        if is_mixed is not true then
            return coalesce(document, '{}');
        end if;
    end if;
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
            order by n.at)::text, '{}')
        from (select name, key, min(at) as at from lines group by name, key) n
        join (select key, array_agg(value order by at) as list from lines group by key) v using (key)
    );
end
$$;
