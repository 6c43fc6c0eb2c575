-- SPDX-License-Identifier: GPL-2.0-or-later
-- A person, in lists and alone.
create or replace function patchmail.api_person_item(site text[], person_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select json_build_object(
            'id', p.id,
            'url', site[2] || '/people/' || p.id || '/' || site[3],
            'name', p.name,
            'email', p.email,
            'user', patchmail.api_user_brief(site, p.user_id))
        from patchwork_person p
        where p.id = person_id
    );
end
$$;
