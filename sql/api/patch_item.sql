-- SPDX-License-Identifier: GPL-2.0-or-later
-- A patch in a list.
create or replace function patchmail.api_patch_item(site text[], patch_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case
            when site[4] >= '2' then d.document
            when site[4] = '1' then patchmail.api_without(d.document, 'list_archive_url', 'related')
            else patchmail.api_without(d.document, 'list_archive_url', 'related', 'comments', 'web_url')
            end
        from (
            select json_build_object(
                'id', p.id,
                'url', site[2] || '/patches/' || p.id || '/' || site[3],
                'web_url', patchmail.api_mail_url(site, 'patch', r.linkname, p.msgid),
                'project', patchmail.api_project_brief(site, p.project_id),
                'msgid', p.msgid,
                'list_archive_url', patchmail.api_archive_url(r.list_archive_url_format, p.msgid),
                'date', patchmail.api_date(p.date),
                'name', p.name,
                'commit_ref', p.commit_ref,
                'pull_url', p.pull_url,
                'state', t.slug,
                'archived', p.archived,
                'hash', p.hash,
                'submitter', patchmail.api_person_brief(site, p.submitter_id),
                'delegate', patchmail.api_user_brief(site, p.delegate_id),
                'mbox', patchmail.api_mail_url(site, 'patch', r.linkname, p.msgid) || 'mbox/',
                'series', case when p.series_id is null then '[]'::json
                    else json_build_array(patchmail.api_series_brief(site, p.series_id)) end,
                'comments', site[1] || '/api/patches/' || p.id || '/comments/',
                'check', patchmail.api_check_state(p.id),
                'checks', site[1] || '/api/patches/' || p.id || '/checks/',
                'tags', '{}'::json,
                'related', case when p.related_id is null then '[]'::json else (
                    select coalesce(json_agg(patchmail.api_patch_brief(site, o.id) order by o.date, o.id),
                        '[]')
                    from patchwork_patch o
                    where o.related_id = p.related_id and o.id <> p.id) end
            ) as document
            from patchwork_patch p
            join patchwork_project r on r.id = p.project_id
            left join patchwork_state t on t.id = p.state_id
            where p.id = patch_id
        ) d
    );
end
$$;
