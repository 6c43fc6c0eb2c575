-- SPDX-License-Identifier: GPL-2.0-or-later
-- The page of a patch or cover (kind).
create or replace function patchmail.api_mail_url(site text[], kind text, linkname text, msgid text)
returns text language sql immutable parallel safe as $$
    select site[1] || '/project/' || patchmail.api_quote(linkname) || '/' || kind || '/'
        || patchmail.api_msgid_path(msgid) || '/'
$$;
