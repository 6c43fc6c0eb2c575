-- SPDX-License-Identifier: GPL-2.0-or-later
-- The value of a member of a request's body; a form may give it more than once, the last one counts.
-- A form says null by nothing.
create or replace function patchmail.api_given(fields jsonb, name text)
returns text language sql immutable as $$
    select nullif(case jsonb_typeof(fields -> name) when 'array' then fields -> name ->> -1
        else fields ->> name end, '')
$$;
