-- SPDX-License-Identifier: GPL-2.0-or-later
-- The conditions of since (inclusive) and before (not so), as SQL. Dates without a zone are as
-- they are shown; others become UTC. What is no date makes it false.
create or replace function patchmail.api_where_dates(query jsonb, column_name text)
returns text language plpgsql stable parallel safe as $$
declare
    key text;
    value text;
    condition text;
begin
    foreach key in array array['since', 'before'] loop
        value := patchmail.api_value(query, key);
        continue when value is null;
        if value !~ '^\d{4}-\d\d?-\d\d?([T ]\d\d?:\d\d(:\d\d([.,]\d{1,6})?)?\s*(Z|[+-]\d\d(:?\d\d)?)?)?$' then
            return 'false';
        end if;
        begin
            condition := concat_ws(' and ', condition, format('%s %s %L::timestamp', column_name,
                case key when 'since' then '>=' else '<' end,
                case when value ~ '[T ].*(Z|[+-]\d\d(:?\d\d)?)$'
                    then value::timestamp with time zone at time zone 'UTC'
                    else value::timestamp end));
        exception when data_exception then
            return 'false';
        end;
    end loop;
    return condition;
end
$$;
