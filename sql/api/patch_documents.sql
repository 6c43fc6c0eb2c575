-- SPDX-License-Identifier: GPL-2.0-or-later
-- Patches as they are in a list, in the order of ids; states: of their checks, null where none has any. One query
-- for all of a page, with what nearly every patch has; the rest is called where there is any.
create or replace function patchmail.api_patch_documents(site text[], ids int[], states text[])
returns table (at bigint, document text) language plpgsql stable parallel safe as $$
#variable_conflict use_column
declare
    pages text := patchmail.api_escaped(site[1]);
    api text := patchmail.api_escaped(site[2]);
    tail text := patchmail.api_escaped(site[3]);
begin
    return query
    select d.at, case
        when site[4] >= '2' then d.document
        when site[4] = '1' then patchmail.api_without(d.document::json, 'list_archive_url', 'related')::text
        else patchmail.api_without(d.document::json, 'list_archive_url', 'related', 'comments', 'web_url')::text
        end
    from (
        select w.at, format('{"id" : %1$s, "url" : "%2$s/patches/%1$s/%3$s", "web_url" : "%4$s", "project" : %5$s, '
            '"msgid" : %6$s, "list_archive_url" : %7$s, "date" : "%8$s", "name" : %9$s, "commit_ref" : %10$s, '
            '"pull_url" : %11$s, "state" : %12$s, "archived" : %13$s, "hash" : %14$s, '
            '"submitter" : {"id" : %15$s, "url" : "%2$s/people/%15$s/%3$s", "name" : %16$s, "email" : %17$s}, '
            '"delegate" : %18$s, "mbox" : "%4$smbox/", "series" : [%19$s], '
            '"comments" : "%20$s/api/patches/%1$s/comments/", "check" : "%21$s", '
            '"checks" : "%20$s/api/patches/%1$s/checks/", "tags" : {}, "related" : %22$s}',
            p.id::text, api, tail, r.page || '/patch/' || patchmail.api_msgid_path(p.msgid) || '/', r.document,
            patchmail.api_text(p.msgid), patchmail.api_text(patchmail.api_archive_url(r.list_archive_url_format, p.msgid)),
            patchmail.api_date(p.date), patchmail.api_text(p.name), patchmail.api_text(p.commit_ref),
            patchmail.api_text(p.pull_url), patchmail.api_text(t.slug), p.archived::text, patchmail.api_text(p.hash),
            u.id::text, patchmail.api_text(u.name), patchmail.api_text(u.email),
            case when p.delegate_id is null then 'null'
                else coalesce(patchmail.api_user_brief(site, p.delegate_id)::text, 'null') end,
            case when s.id is null then ''
                when site[4] >= '1' and s.project_id = p.project_id then patchmail.api_series_text(pages, api, tail, s, r.page)
                else patchmail.api_series_brief(site, s.id)::text end,
            pages, coalesce(states[w.at::int], 'pending'),
            case when p.related_id is null then '[]'
                else patchmail.api_related(site, p.related_id, p.id)::text end) as document
        from unnest(ids) with ordinality w (id, at)
        join patchwork_patch p on p.id = w.id
        cross join lateral (
            -- PostgreSQL makes it once for each project, where it expects few.
            select o.list_archive_url_format, pages || '/project/' || patchmail.api_quote(o.linkname) as page,
                (case when site[4] >= '2' then patchmail.api_project_object(site, o)
                    else patchmail.api_project_brief(site, o.id) end)::text as document
            from patchwork_project o
            where o.id = p.project_id
            offset 0
        ) r
        join patchwork_person u on u.id = p.submitter_id
        left join patchwork_state t on t.id = p.state_id
        left join patchwork_series s on s.id = p.series_id
    ) d;
end
$$;
