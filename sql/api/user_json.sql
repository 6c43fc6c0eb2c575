-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/users/ID/; null where there is none. Users see their own settings.
create or replace function patchmail.user_json(id int, base_url text, version text default null,
    format text default null, viewer int default null)
returns json language sql stable parallel safe as $$
    select case when viewer = u.id and s.site[4] >= '2' then json_build_object(
            'id', u.id,
            'url', s.site[2] || '/users/' || u.id || '/' || s.site[3],
            'username', u.username,
            'first_name', u.first_name,
            'last_name', u.last_name,
            'email', u.email,
            'settings', (
                select json_build_object('send_email', f.send_email,
                    'items_per_page', f.items_per_page, 'show_ids', f.show_ids)
                from patchwork_userprofile f where f.user_id = u.id))
        else patchmail.api_user_brief(s.site, u.id) end
    from auth_user u
    cross join (select patchmail.api_site(base_url, version, format) as site) s
    where u.id = user_json.id
$$;
