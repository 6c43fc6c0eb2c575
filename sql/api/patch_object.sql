-- SPDX-License-Identifier: GPL-2.0-or-later
-- A patch within another document, of its row and its project's. Becomes part of the query that calls it,
-- which so fetches no more columns than these.
create or replace function patchmail.api_patch_object(site text[], p patchwork_patch, r patchwork_project)
returns json language sql stable parallel safe as $$
    select json_build_object(
        'id', p.id,
        'url', site[2] || '/patches/' || p.id || '/' || site[3],
        'web_url', patchmail.api_mail_url(site, 'patch', r.linkname, p.msgid),
        'msgid', p.msgid,
        'list_archive_url', patchmail.api_archive_url(r.list_archive_url_format, p.msgid),
        'date', patchmail.api_date(p.date),
        'name', p.name,
        'mbox', patchmail.api_mail_url(site, 'patch', r.linkname, p.msgid) || 'mbox/')
$$;
