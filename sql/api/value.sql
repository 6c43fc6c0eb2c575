-- SPDX-License-Identifier: GPL-2.0-or-later
-- The value of a parameter, the last one where it was given more than once.
create or replace function patchmail.api_value(query jsonb, key text)
returns text language plpgsql immutable parallel safe as $$
#variable_conflict use_column
begin
    -- Nearly every time: expressions, where a query would be set up for each parameter.
    if query ? key is not true then
        return null;
    elsif jsonb_typeof(query -> key) = 'string' then
        return nullif(query ->> key, '');
    end if;
    return (
        select v.list[cardinality(v.list)] from (select patchmail.api_values(query, key) as list) v
    );
end
$$;
