-- SPDX-License-Identifier: GPL-2.0-or-later
-- A value as it stands in a document: in quotes, or null. Documents of which there are many on a page are put
-- together as text, since json_build_object() looks up the type of each of its arguments each time.
create or replace function patchmail.api_text(value text)
returns text language sql stable parallel safe as $$
    select coalesce(to_json(value)::text, 'null')
$$;
