-- SPDX-License-Identifier: GPL-2.0-or-later
-- A series within another document, of its row. Becomes part of the query that calls it.
create or replace function patchmail.api_series_object(site text[], s patchwork_series, linkname text)
returns json language sql stable parallel safe as $$
    select json_build_object(
        'id', s.id,
        'url', site[2] || '/series/' || s.id || '/' || site[3],
        'web_url', site[1] || '/project/' || patchmail.api_quote(linkname) || '/list/?series=' || s.id,
        'date', patchmail.api_date(s.date),
        'name', s.name,
        'version', s.version,
        'mbox', site[1] || '/series/' || s.id || '/mbox/')
$$;
