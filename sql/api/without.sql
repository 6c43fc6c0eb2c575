-- SPDX-License-Identifier: GPL-2.0-or-later
-- A document without some of its members, for older versions of the API. jsonb would lose
-- the order.
create or replace function patchmail.api_without(document json, variadic keys text[])
returns json language plpgsql immutable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select json_object_agg(e.key, e.value order by e.at)
        from json_each(document) with ordinality as e (key, value, at)
        where e.key <> all (keys)
    );
end
$$;
