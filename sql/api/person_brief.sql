-- SPDX-License-Identifier: GPL-2.0-or-later
-- A person within another document.
create or replace function patchmail.api_person_brief(site text[], person_id int)
returns json language sql stable parallel safe as $$
    select json_build_object(
        'id', p.id,
        'url', site[2] || '/people/' || p.id || '/' || site[3],
        'name', p.name,
        'email', p.email)
    from patchwork_person p
    where p.id = person_id
$$;
