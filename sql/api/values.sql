-- SPDX-License-Identifier: GPL-2.0-or-later
-- The values of a parameter: query holds each as a text or a list of texts. null: not given.
create or replace function patchmail.api_values(query jsonb, key text)
returns text[] language plpgsql immutable parallel safe as $$
#variable_conflict use_column
begin
    if query ? key is not true then
        return null;
    elsif jsonb_typeof(query -> key) = 'string' then
        return case when query ->> key <> '' then array[query ->> key] end;
    end if;
    return (
        select nullif(array(
            select v.value
            from jsonb_array_elements_text(case jsonb_typeof(query -> key)
                when 'array' then query -> key
                when 'null' then '[]'
                else jsonb_build_array(query -> key) end) v (value)
            where v.value <> '' and query ? key), '{}')
    );
end
$$;
