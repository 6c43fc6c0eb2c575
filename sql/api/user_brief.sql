-- SPDX-License-Identifier: GPL-2.0-or-later
-- A user within another document, and in lists; null for none.
create or replace function patchmail.api_user_brief(site text[], user_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    if user_id is null then
        return null;
    end if;
    return (
        select json_build_object(
            'id', u.id,
            'url', site[2] || '/users/' || u.id || '/' || site[3],
            'username', u.username,
            'first_name', u.first_name,
            'last_name', u.last_name,
            'email', u.email)
        from auth_user u
        where u.id = user_id
    );
end
$$;
