-- SPDX-License-Identifier: GPL-2.0-or-later
-- The value of a parameter, the last one where it was given more than once.
create or replace function patchmail.api_value(query jsonb, key text)
returns text language plpgsql immutable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select v.list[cardinality(v.list)] from (select patchmail.api_values(query, key) as list) v
    );
end
$$;
