-- SPDX-License-Identifier: GPL-2.0-or-later
-- What an mbox of ours says above the headers of a mail. of_list: From is the list's own address;
-- then the submitter stands there instead, and X-Patchwork-Original-From has what stood there.
create or replace function patchmail.api_mbox_headers(headers text, listemail text, submitter text)
returns text language sql immutable parallel safe as $$
    select case when f.line is null or strpos(f.line, listemail) = 0 or listemail = ''
            or lower(coalesce(substring(f.line from '<([^<>]*)>\s*$'),
                btrim(substr(f.line, 6)))) <> lower(listemail)
        then headers
        else overlay(headers placing 'X-Patchwork-Original-From:' || substr(f.line, 6)
            || E'\nFrom: ' || submitter
            from strpos(headers, f.line) for length(f.line)) end
    from (
        select substring(E'\n' || headers from '(?i)\n(from:[^\n]*(?:\n[ \t][^\n]*)*)') as line
    ) f
$$;
