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
        select case when bool_or(patchmail.api_id_of(what, v.value) is null) then 'false'
            when count(*) = 1 then format('%s = %s', column_name, min(patchmail.api_id_of(what, v.value)))
            when count(*) > 1 then format('%s = any (%L::int[])', column_name,
                array_agg(patchmail.api_id_of(what, v.value))) end
        from unnest(patchmail.api_values(query, key)) v (value)
    );
end
$$;
