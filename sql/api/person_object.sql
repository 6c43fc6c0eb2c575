-- SPDX-License-Identifier: GPL-2.0-or-later
-- A person within another document, of its row. Becomes part of the query that calls it.
create or replace function patchmail.api_person_object(site text[], p patchwork_person)
returns json language sql stable parallel safe as $$
    select json_build_object(
        'id', p.id,
        'url', site[2] || '/people/' || p.id || '/' || site[3],
        'name', p.name,
        'email', p.email)
$$;
