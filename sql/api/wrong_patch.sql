-- SPDX-License-Identifier: GPL-2.0-or-later
-- What is wrong with the first of a list of patches in a request's body that is none, null where all
-- are; in the words of Django REST framework.
create or replace function patchmail.api_wrong_patch(fields jsonb, name text)
returns text language sql stable as $$
    select case when v.value ~ '^\d+$' then format('Invalid pk "%s" - object does not exist.', v.value)
        else 'Incorrect type. Expected pk value, received str.' end
    from jsonb_array_elements_text(case jsonb_typeof(fields -> name)
        when 'array' then fields -> name
        when 'null' then '[]'
        else case when fields ->> name = '' then '[]' else jsonb_build_array(fields -> name) end end)
        with ordinality v (value, at)
    where not exists (
        select
        from patchwork_patch p
        where p.id = case when v.value ~ '^\d{1,9}$' then v.value::int end)
    order by v.at
    limit 1
$$;
