-- SPDX-License-Identifier: GPL-2.0-or-later
-- A date as Python's isoformat() writes it: microseconds all six or none.
create or replace function patchmail.api_date(date timestamp with time zone)
returns text language sql stable parallel safe as $$
    select to_char(date::timestamp, case when date_trunc('second', date) = date
        then 'YYYY-MM-DD"T"HH24:MI:SS' else 'YYYY-MM-DD"T"HH24:MI:SS.US' end)
$$;
