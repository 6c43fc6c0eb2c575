-- SPDX-License-Identifier: GPL-2.0-or-later
-- Ids in a member of a request's body, a list or one alone; an empty list for none, null where one
-- of them is no id.
create or replace function patchmail.api_given_ids(fields jsonb, name text)
returns int[] language sql immutable as $$
    select case when bool_and(v.value ~ '^\d{1,9}$') is false then null
        else coalesce(array_agg(case when v.value ~ '^\d{1,9}$' then v.value::int end order by v.at), '{}') end
    from jsonb_array_elements_text(case jsonb_typeof(fields -> name)
        when 'array' then fields -> name
        when 'null' then '[]'
        else case when fields ->> name = '' then '[]' else jsonb_build_array(fields -> name) end end)
        with ordinality v (value, at)
$$;
