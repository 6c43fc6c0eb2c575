-- SPDX-License-Identifier: GPL-2.0-or-later
-- Whether If-Match (null: not asked) names this document, by the tag that a GET of it had.
create or replace function patchmail.api_is_current(document json, if_match text)
returns boolean language sql immutable as $$
    select if_match is null or btrim(if_match) = '*' or exists (
        select
        from regexp_split_to_table(if_match, '\s*,\s*') t (tag)
        where btrim(regexp_replace(t.tag, '^\s*W/', ''), ' "')
            = left(encode(sha256(convert_to(document::text, 'UTF8')), 'hex'), 32))
$$;
