-- SPDX-License-Identifier: GPL-2.0-or-later
-- What to order by, as SQL. columns: an object, from a name of the parameter order to SQL. Names
-- that are not in it are ignored; the id decides between equals, for pages must not overlap.
create or replace function patchmail.api_order_by(query jsonb, columns jsonb, fallback text,
    id_column text)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    if query ? 'order' is not true then
        return fallback;
    end if;
    return (
        select coalesce(
            string_agg((columns ->> ltrim(w.word, '-')) || case when w.word like '-%' then ' desc'
                else '' end, ', ' order by w.at)
            || ', ' || id_column || case when (array_agg(w.word order by w.at desc))[1] like '-%'
                then ' desc' else '' end,
            fallback)
        from regexp_split_to_table(coalesce(patchmail.api_value(query, 'order'), ''), '\s*,\s*')
            with ordinality w (word, at)
        where columns ? ltrim(w.word, '-')
    );
end
$$;
