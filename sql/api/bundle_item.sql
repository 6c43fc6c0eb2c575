-- SPDX-License-Identifier: GPL-2.0-or-later
-- A bundle, in lists and alone.
create or replace function patchmail.api_bundle_item(site text[], bundle_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case when site[4] >= '1' then d.document
            else patchmail.api_without(d.document, 'web_url') end
        from (
            select json_build_object(
                'id', b.id,
                'url', site[2] || '/bundles/' || b.id || '/' || site[3],
                'web_url', w.url,
                'project', patchmail.api_project_brief(site, b.project_id),
                'name', b.name,
                'owner', patchmail.api_user_brief(site, b.owner_id),
                'patches', (
                    select coalesce(json_agg(patchmail.api_patch_brief(site, m.patch_id)
                        order by m."order", m.id), '[]')
                    from patchwork_bundlepatch m
                    where m.bundle_id = b.id),
                'public', b.public,
                'mbox', w.url || 'mbox/') as document
            from patchwork_bundle b
            join auth_user u on u.id = b.owner_id
            cross join lateral (
                select site[1] || '/bundle/' || patchmail.api_quote(u.username) || '/'
                    || patchmail.api_quote(b.name) || '/' as url
            ) w
            where b.id = api_bundle_item.bundle_id
        ) d
    );
end
$$;
