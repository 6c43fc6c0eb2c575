-- SPDX-License-Identifier: GPL-2.0-or-later
-- A part of a link's path, percent-encoded as Django does.
create or replace function patchmail.api_quote(part text)
returns text language plpgsql immutable parallel safe as $$
#variable_conflict use_column
begin
    -- Nearly every part: an expression, where a query would be set up for each.
    if part ~ '^[-A-Za-z0-9_.~!$&''()*+,;=/:@]*$' then
        return part;
    end if;
    return (
        select string_agg(case when c.one ~ '[-A-Za-z0-9_.~!$&''()*+,;=/:@]' then c.one
            else upper(regexp_replace(encode(convert_to(c.one, 'UTF8'), 'hex'), '(..)', '%\1', 'g')) end,
            '' order by c.at)
        from regexp_split_to_table(part, '') with ordinality as c (one, at)
    );
end
$$;
