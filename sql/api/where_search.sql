-- SPDX-License-Identifier: GPL-2.0-or-later
-- The condition of q, as SQL: each of its words is in one of the columns.
create or replace function patchmail.api_where_search(query jsonb, variadic columns text[])
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    if query ? 'q' is not true then
        return null;
    end if;
    return (
        select string_agg(format('(%s)', (
            select string_agg(format('%s ilike %L', c.name,
                '%' || regexp_replace(w.word, '([\\%_])', '\\\1', 'g') || '%'), ' or ')
            from unnest(columns) c (name))), ' and ')
        from regexp_split_to_table(coalesce(patchmail.api_value(query, 'q'), ''), '[\s,]+') w (word)
        where w.word <> ''
    );
end
$$;
