-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/series/
create or replace function patchmail.series_list(base_url text, query jsonb default '{}',
    version text default null)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body json)
language plpgsql as $$
declare
    site text[] := patchmail.api_site(base_url, version, patchmail.api_value(query, 'format'));
begin
    return query
    select l.status, l.total, l.is_exact, l.page, l.per_page, l.body
    from patchmail.api_page(site, query, 'patchwork_series s', 's.id', array[
        patchmail.api_where_ids(query, 'project', 'project', 's.project_id'),
        patchmail.api_where_ids(query, 'submitter', 'person', 's.submitter_id'),
        patchmail.api_where_dates(query, 's.date'),
        patchmail.api_where_search(query, 's.name')
        ],
        patchmail.api_order_by(query, '{
            "id": "s.id", "name": "s.name", "date": "s.date", "submitter": "s.submitter_id"}', 's.id', 's.id'),
        'patchmail.api_series_item($1, x.id)') l;
end
$$;
