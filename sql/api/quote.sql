-- SPDX-License-Identifier: GPL-2.0-or-later
-- A part of a link's path, percent-encoded as Django does.
create or replace function patchmail.api_quote(part text)
returns text language plpgsql immutable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case when part ~ '^[-A-Za-z0-9_.~!$&''()*+,;=/:@]*$' then part
        else (
            select string_agg(case when c.one ~ '[-A-Za-z0-9_.~!$&''()*+,;=/:@]' then c.one
                else upper(regexp_replace(encode(convert_to(c.one, 'UTF8'), 'hex'),
                    '(..)', '%\1', 'g')) end, '' order by c.at)
            from regexp_split_to_table(part, '') with ordinality as c (one, at))
        end
    );
end
$$;
