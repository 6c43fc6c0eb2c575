-- SPDX-License-Identifier: GPL-2.0-or-later
-- The condition that a parameter puts on a column, as SQL; null where it is not given. A value
-- that names nothing makes it false, as Patchwork does.
create or replace function patchmail.api_where_ids(query jsonb, key text, what text, column_name text)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    if query ? key is not true then
        return null;
    end if;
    return (
        select case when bool_or(v.id is null) then 'false'
            when count(*) = 1 then format('%s = %s', column_name, min(v.id))
            when count(*) > 1 then format('%s = any (%L::int[])', column_name, array_agg(v.id)) end
        from (
            select patchmail.api_id_of(what, w.value) as id
            from unnest(patchmail.api_values(query, key)) w (value)
            offset 0
        ) v
    );
end
$$;
