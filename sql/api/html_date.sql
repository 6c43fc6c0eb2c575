-- SPDX-License-Identifier: GPL-2.0-or-later
-- A date on a page.
create or replace function patchmail.api_html_date(date timestamp with time zone)
returns text language sql stable parallel safe as $$
    select '<time datetime="' || patchmail.api_date(date_trunc('second', date)) || '">'
        || to_char(date::timestamp, 'YYYY-MM-DD HH24:MI') || '</time>'
$$;
