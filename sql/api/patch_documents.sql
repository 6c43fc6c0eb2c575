-- SPDX-License-Identifier: GPL-2.0-or-later
-- Patches as they are in a list, in the order of ids. One query for all of a page, with what nearly
-- every patch has; the rest is called where there is any.
create or replace function patchmail.api_patch_documents(site text[], ids int[])
returns table (at bigint, document json) language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return query
    select d.at, case
        when site[4] >= '2' then d.document
        when site[4] = '1' then patchmail.api_without(d.document, 'list_archive_url', 'related')
        else patchmail.api_without(d.document, 'list_archive_url', 'related', 'comments', 'web_url')
        end
    from (
        select w.at, json_build_object(
            'id', p.id,
            'url', site[2] || '/patches/' || p.id || '/' || site[3],
            'web_url', x.page,
            'project', case when site[4] >= '2' then patchmail.api_project_object(site, r)
                else patchmail.api_project_brief(site, r.id) end,
            'msgid', p.msgid,
            'list_archive_url', patchmail.api_archive_url(r.list_archive_url_format, p.msgid),
            'date', patchmail.api_date(p.date),
            'name', p.name,
            'commit_ref', p.commit_ref,
            'pull_url', p.pull_url,
            'state', t.slug,
            'archived', p.archived,
            'hash', p.hash,
            'submitter', patchmail.api_person_object(site, u),
            'delegate', patchmail.api_user_brief(site, p.delegate_id),
            'mbox', x.page || 'mbox/',
            'series', case when s.id is null then '[]'::json
                when site[4] >= '1' and s.project_id = r.id
                    then json_build_array(patchmail.api_series_object(site, s, r.linkname))
                else json_build_array(patchmail.api_series_brief(site, s.id)) end,
            'comments', site[1] || '/api/patches/' || p.id || '/comments/',
            'check', case when exists (select from patchwork_check k where k.patch_id = p.id)
                then patchmail.api_check_state(p.id) else 'pending' end,
            'checks', site[1] || '/api/patches/' || p.id || '/checks/',
            'tags', '{}'::json,
            'related', case when p.related_id is null then '[]'::json
                else patchmail.api_related(site, p.related_id, p.id) end) as document
        from unnest(ids) with ordinality w (id, at)
        join patchwork_patch p on p.id = w.id
        join patchwork_project r on r.id = p.project_id
        join patchwork_person u on u.id = p.submitter_id
        left join patchwork_state t on t.id = p.state_id
        left join patchwork_series s on s.id = p.series_id
        cross join lateral (
            select patchmail.api_mail_url(site, 'patch', r.linkname, p.msgid) as page
            offset 0
        ) x
        offset 0
    ) d;
end
$$;
