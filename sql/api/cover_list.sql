-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/covers/
create or replace function patchmail.cover_list(base_url text, query jsonb default '{}',
    version text default null)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body json)
language plpgsql as $$
declare
    site text[] := patchmail.api_site(base_url, version, patchmail.api_value(query, 'format'));
begin
    return query
    select l.status, l.total, l.is_exact, l.page, l.per_page, l.body
    from patchmail.api_page(site, query, 'patchwork_cover c', 'c.id', array[
        patchmail.api_where_ids(query, 'project', 'project', 'c.project_id'),
        'c.id in (select s.cover_letter_id from patchwork_series s where '
            || patchmail.api_where_ids(query, 'series', 'series', 's.id') || ')',
        patchmail.api_where_ids(query, 'submitter', 'person', 'c.submitter_id'),
        patchmail.api_where_dates(query, 'c.date'),
        patchmail.api_where_search(query, 'c.name'),
        case when site[4] >= '2'
            then 'c.msgid = ' || quote_literal('<' || patchmail.api_value(query, 'msgid') || '>') end
        ],
        patchmail.api_order_by(query, '{
            "id": "c.id", "name": "c.name", "date": "c.date", "submitter": "c.submitter_id"}', 'c.id', 'c.id'),
        'patchmail.api_cover_item($1, x.id)') l;
end
$$;
