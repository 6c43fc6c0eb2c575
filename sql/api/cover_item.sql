-- SPDX-License-Identifier: GPL-2.0-or-later
-- A cover in a list.
create or replace function patchmail.api_cover_item(site text[], cover_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case
            when site[4] >= '2' then d.document
            when site[4] = '1' then patchmail.api_without(d.document, 'list_archive_url')
            else patchmail.api_without(d.document, 'list_archive_url', 'web_url', 'mbox', 'comments')
            end
        from (
            select json_build_object(
                'id', c.id,
                'url', site[2] || '/covers/' || c.id || '/' || site[3],
                'web_url', patchmail.api_mail_url(site, 'cover', r.linkname, c.msgid),
                'project', case when site[4] >= '2' then patchmail.api_project_object(site, r)
                    else patchmail.api_project_brief(site, r.id) end,
                'msgid', c.msgid,
                'list_archive_url', patchmail.api_archive_url(r.list_archive_url_format, c.msgid),
                'date', patchmail.api_date(c.date),
                'name', c.name,
                'submitter', patchmail.api_person_brief(site, c.submitter_id),
                'mbox', patchmail.api_mail_url(site, 'cover', r.linkname, c.msgid) || 'mbox/',
                'series', (
                    select coalesce(json_agg(patchmail.api_series_brief(site, s.id)), '[]')
                    from patchwork_series s
                    where s.cover_letter_id = c.id),
                'comments', site[1] || '/api/covers/' || c.id || '/comments/'
            ) as document
            from patchwork_cover c
            join patchwork_project r on r.id = c.project_id
            where c.id = cover_id
            offset 0
        ) d
    );
end
$$;
