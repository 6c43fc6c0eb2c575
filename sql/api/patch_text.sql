-- SPDX-License-Identifier: GPL-2.0-or-later
-- What api_patch_object() makes, as text; pages, api and tail: api_site() escaped. Becomes part of the query that
-- calls it.
create or replace function patchmail.api_patch_text(pages text, api text, tail text, p patchwork_patch, r patchwork_project)
returns text language sql stable parallel safe as $$
    select format('{"id" : %1$s, "url" : "%2$s/patches/%1$s/%3$s", "web_url" : "%4$s", "msgid" : %5$s, '
        '"list_archive_url" : %6$s, "date" : "%7$s", "name" : %8$s, "mbox" : "%4$smbox/"}',
        p.id::text, api, tail, pages || '/project/' || patchmail.api_quote(r.linkname) || '/patch/'
            || patchmail.api_msgid_path(p.msgid) || '/',
        patchmail.api_text(p.msgid), patchmail.api_text(patchmail.api_archive_url(r.list_archive_url_format, p.msgid)),
        patchmail.api_date(p.date), patchmail.api_text(p.name))
$$;
