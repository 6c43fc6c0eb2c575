-- SPDX-License-Identifier: GPL-2.0-or-later
-- A comment on a patch, in lists and alone.
create or replace function patchmail.api_patch_comment_item(site text[], comment_id int, is_brief boolean)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case when site[4] >= '3' and not is_brief then d.document
            else patchmail.api_without(d.document, variadic
                case when site[4] < '3' then array['url', 'addressed'] else '{}' end
                || case when site[4] < '2' then array['list_archive_url'] else '{}' end
                || case when site[4] < '1' then array['web_url'] else '{}' end
                || case when is_brief then array['subject', 'submitter', 'content', 'headers',
                    'addressed'] else '{}' end) end
        from (
            select json_build_object(
                'id', k.id,
                'url', site[2] || '/patches/' || k.patch_id || '/comments/' || k.id || '/' || site[3],
                'web_url', site[1] || '/comment/' || k.id || '/',
                'msgid', k.msgid,
                'list_archive_url', patchmail.api_archive_url(r.list_archive_url_format, k.msgid),
                'date', patchmail.api_date(k.date),
                'subject', coalesce(h.headers -> (
                    select key from json_object_keys(h.headers) key where lower(key) = 'subject' limit 1),
                    '""'),
                'submitter', patchmail.api_person_brief(site, k.submitter_id),
                'content', k.content,
                'headers', h.headers,
                'addressed', k.addressed
            ) as document
            from patchwork_patchcomment k
            join patchwork_patch m on m.id = k.patch_id
            join patchwork_project r on r.id = m.project_id
            cross join lateral (
                select case when not is_brief then patchmail.api_headers(k.headers)::json end as headers
            ) h
            where k.id = comment_id
        ) d
    );
end
$$;
