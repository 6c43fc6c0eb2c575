-- SPDX-License-Identifier: GPL-2.0-or-later
-- A name and address as a header has them.
create or replace function patchmail.api_mailbox(name text, email text)
returns text language sql immutable parallel safe as $$
    select case
        when coalesce(name, '') = '' then email
        when name ~ '[^\x01-\x7f]' then '=?utf-8?b?'
            || replace(encode(convert_to(name, 'UTF8'), 'base64'), E'\n', '') || '?= <' || email || '>'
        when name ~ '[][\\()<>@,:;".]'
            then '"' || regexp_replace(name, '(["\\])', '\\\1', 'g') || '" <' || email || '>'
        else name || ' <' || email || '>' end
$$;
