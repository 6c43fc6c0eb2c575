-- SPDX-License-Identifier: GPL-2.0-or-later
-- A cover within another document; null for none.
create or replace function patchmail.api_cover_brief(site text[], cover_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case site[4]
            when '0' then patchmail.api_without(d.document, 'web_url', 'mbox', 'list_archive_url')
            when '1' then patchmail.api_without(d.document, 'list_archive_url')
            else d.document end
        from (
            select json_build_object(
                'id', c.id,
                'url', site[2] || '/covers/' || c.id || '/' || site[3],
                'web_url', patchmail.api_mail_url(site, 'cover', r.linkname, c.msgid),
                'msgid', c.msgid,
                'list_archive_url', patchmail.api_archive_url(r.list_archive_url_format, c.msgid),
                'date', patchmail.api_date(c.date),
                'name', c.name,
                'mbox', patchmail.api_mail_url(site, 'cover', r.linkname, c.msgid) || 'mbox/'
            ) as document
            from patchwork_cover c
            join patchwork_project r on r.id = c.project_id
            where c.id = cover_id
        ) d
    );
end
$$;
