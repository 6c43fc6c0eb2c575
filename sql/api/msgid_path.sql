-- SPDX-License-Identifier: GPL-2.0-or-later
-- A Message-ID in a link. A slash in it is escaped twice: servers undo it once before they
-- take the path apart.
create or replace function patchmail.api_msgid_path(msgid text)
returns text language sql immutable parallel safe as $$
    select patchmail.api_quote(replace(btrim(msgid, '<>'), '/', '%2F'))
$$;
