-- SPDX-License-Identifier: GPL-2.0-or-later
-- A mail as it arrived, below our headers. The work is done on bytea's escape format, in which
-- line ends and ASCII stand for themselves, for text can hold no NUL. Line ends that transport
-- made are taken away; a body that git would cut is sent in base64 if it is plain, else the
-- lines are quoted. responses: lines to add above the line "---" of a plain body.
create or replace function patchmail.api_mbox_raw(head text, bytes bytea, listemail text,
    submitter text, responses text)
returns bytea language plpgsql immutable parallel safe as $$
declare
    mail text := encode(bytes, 'escape');
    at int;
    headers text;
    body text;
    is_plain boolean;
begin
    if left(mail, 5) = 'From ' or left(mail, 6) = '>From ' then
        mail := substr(mail, strpos(mail, E'\n') + 1);
    end if;
    at := strpos(mail, E'\n\r\n');
    if at > 0 and left(mail, at) !~ '[^\r]\n' then
        mail := replace(mail, E'\r\n', E'\n');
    end if;
    at := strpos(mail, E'\n\n');
    headers := case when at > 0 then left(mail, at - 1) else rtrim(mail, E'\n') end;
    body := case when at > 0 then substr(mail, at + 2) else '' end;
    headers := patchmail.api_mbox_headers(headers, listemail, replace(submitter, '\', '\\'));
    is_plain := headers !~* '(^|\n)content-type:\s*multipart'
        and headers !~* '(^|\n)content-transfer-encoding:\s*(base64|quoted-printable|x-uue)';
    at := strpos(body, E'\n---\n');
    if is_plain and at > 0
        and (octet_length(responses) = length(responses) or headers ~* 'charset="?utf-8') then
        body := left(body, at) || encode(convert_to(responses, 'UTF8'), 'escape')
            || substr(body, at + 1);
    end if;
    if patchmail.api_has_separator(body) then
        if not is_plain then
            body := regexp_replace(body, '(?n)^(>*From )', '>\1', 'g');
        else
            headers := ltrim(regexp_replace(E'\n' || headers,
                '\ncontent-transfer-encoding:[^\n]*(\n[ \t][^\n]*)*', '', 'gi'), E'\n')
                || E'\nContent-Transfer-Encoding: base64';
            body := encode(decode(body, 'escape'), 'base64') || E'\n';
        end if;
    end if;
    return decode(replace(head, '\', '\\') || headers || E'\n\n' || body
        || case when body like E'%\n' then '' else E'\n' end, 'escape');
end
$$;
