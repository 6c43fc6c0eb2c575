-- SPDX-License-Identifier: GPL-2.0-or-later
-- A yes or no as clients write it; null where it is neither.
create or replace function patchmail.api_given_flag(fields jsonb, name text)
returns boolean language sql immutable as $$
    select case when lower(v.value) in ('true', 't', '1', 'on', 'yes', 'y') then true
        when lower(v.value) in ('false', 'f', '0', 'off', 'no', 'n') then false end
    from (select patchmail.api_given(fields, name) as value) v
$$;
