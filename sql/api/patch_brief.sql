-- SPDX-License-Identifier: GPL-2.0-or-later
-- A patch within another document.
create or replace function patchmail.api_patch_brief(site text[], patch_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case site[4] when '0' then patchmail.api_without(d.document, 'web_url', 'list_archive_url')
            when '1' then patchmail.api_without(d.document, 'list_archive_url')
            else d.document end
        from (
            select json_build_object(
                'id', p.id,
                'url', site[2] || '/patches/' || p.id || '/' || site[3],
                'web_url', patchmail.api_mail_url(site, 'patch', r.linkname, p.msgid),
                'msgid', p.msgid,
                'list_archive_url', patchmail.api_archive_url(r.list_archive_url_format, p.msgid),
                'date', patchmail.api_date(p.date),
                'name', p.name,
                'mbox', patchmail.api_mail_url(site, 'patch', r.linkname, p.msgid) || 'mbox/'
            ) as document
            from patchwork_patch p
            join patchwork_project r on r.id = p.project_id
            where p.id = patch_id
        ) d
    );
end
$$;
