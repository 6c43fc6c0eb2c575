-- SPDX-License-Identifier: GPL-2.0-or-later
-- A mail made of its columns. Text that git would cut is sent in base64.
create or replace function patchmail.api_mbox_rebuilt(head text, headers text, body text)
returns bytea language sql immutable parallel safe as $$
    select convert_to(
        split_part(head, E'\n', 1) || E'\nContent-Type: text/plain; charset="utf-8"\n'
        || E'MIME-Version: 1.0\nContent-Transfer-Encoding: '
        || case when patchmail.api_has_separator(body) or strpos(body, E'\r') > 0 then 'base64'
            when octet_length(body) > length(body) then '8bit' else '7bit' end
        || substr(head, strpos(head, E'\n'))
        || ltrim(regexp_replace(E'\n' || headers,
            '\n(content-type|content-transfer-encoding):[^\n]*(\n[ \t][^\n]*)*', '', 'gi'), E'\n')
        || E'\n\n'
        || case when patchmail.api_has_separator(body) or strpos(body, E'\r') > 0
            then encode(convert_to(body, 'UTF8'), 'base64') || E'\n'
            else body end, 'UTF8')
$$;
