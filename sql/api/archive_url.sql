-- SPDX-License-Identifier: GPL-2.0-or-later
-- Where the list's archive has a mail; null where the project does not say.
create or replace function patchmail.api_archive_url(format text, msgid text)
returns text language sql immutable parallel safe as $$
    select replace(nullif(format, ''), '{}', btrim(msgid, '<>'))
$$;
