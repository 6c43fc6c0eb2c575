-- SPDX-License-Identifier: GPL-2.0-or-later
-- What api_series_object() makes, as text; pages, api and tail: api_site() escaped; page: its project's. Becomes part
-- of the query that calls it.
create or replace function patchmail.api_series_text(pages text, api text, tail text, s patchwork_series, page text)
returns text language sql stable parallel safe as $$
    select format('{"id" : %1$s, "url" : "%2$s/series/%1$s/%3$s", "web_url" : "%4$s/list/?series=%1$s", '
        '"date" : "%5$s", "name" : %6$s, "version" : %7$s, "mbox" : "%8$s/series/%1$s/mbox/"}',
        s.id::text, api, tail, page, patchmail.api_date(s.date), patchmail.api_text(s.name), s.version::text,
        pages)
$$;
