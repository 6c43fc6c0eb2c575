-- SPDX-License-Identifier: GPL-2.0-or-later
-- The condition that a parameter of yes or no puts on a column, as SQL; null where it is neither.
create or replace function patchmail.api_where_flag(query jsonb, key text, column_name text)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    if query ? key is not true then
        return null;
    end if;
    return (
        select case
            when lower(patchmail.api_value(query, key)) in ('true', '1') then column_name
            when lower(patchmail.api_value(query, key)) in ('false', '0') then 'not ' || column_name end
    );
end
$$;
