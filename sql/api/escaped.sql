-- SPDX-License-Identifier: GPL-2.0-or-later
-- A part of a text as it stands in a document, without the quotes.
create or replace function patchmail.api_escaped(part text)
returns text language sql stable parallel safe as $$
    select right(left(to_json(part)::text, -1), -1)
$$;
