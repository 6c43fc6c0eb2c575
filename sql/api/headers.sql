-- SPDX-License-Identifier: GPL-2.0-or-later
-- The column headers as an object, in JSON, as Python's email package reads it: in order, folds as they
-- are, what stands there more than once (upper and lower case are one) as a list.
create or replace function patchmail.api_headers(headers text)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
declare
    line text;
    key text;
    value text;
    at int;
    keys text[] := '{}';
    names text[] := '{}';
    items text[] := '{}';
    is_mixed boolean := octet_length(headers) > 16384 or strpos(headers, E'\r') > 0 or strpos(headers, E'\x01') > 0;
begin
    -- Nearly all: folds are told from lines by plain replacements, and each name is written in one
    -- way. Takes half of the time of the query below, unless there are many, for it looks through
    -- all names for each.
    foreach line in array case when is_mixed then '{}' else string_to_array(
        replace(replace(headers, E'\n ', E'\x01 '), E'\n\t', E'\x01\t'), E'\n')
    end loop
        at := strpos(line, ':');
        continue when at = 0;
        key := left(line, at - 1);
        value := to_json(replace(rtrim(ltrim(substr(line, at + 1), E' \t'), E'\x01'), E'\x01', E'\n'))::text;
        at := array_position(keys, lower(key));
        if at is null then
            keys := keys || lower(key);
            names := names || key;
            items := items || value;
        else
            is_mixed := is_mixed or key <> names[at];
            items[at] := case when left(items[at], 1) = '[' then left(items[at], -1) else '[' || items[at] end
                || ', ' || value || ']';
        end if;
        exit when is_mixed;
    end loop;
    if not is_mixed then
        line := '{';
        for at in 1 .. cardinality(names) loop
            line := line || case when at > 1 then ', ' else '' end
                || to_json(replace(names[at], E'\x01', E'\n'))::text || ': ' || items[at];
        end loop;
        return line || '}';
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
