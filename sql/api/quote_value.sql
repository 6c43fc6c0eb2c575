-- SPDX-License-Identifier: GPL-2.0-or-later
-- A name or value in a link's query, percent-encoded.
create or replace function patchmail.api_quote_value(value text)
returns text language sql immutable parallel safe as $$
    select replace(replace(replace(replace(patchmail.api_quote(value), '&', '%26'), '+', '%2B'), ';', '%3B'), '=', '%3D')
$$;
