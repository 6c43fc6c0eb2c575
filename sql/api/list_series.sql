-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/series/, as text. Not called from outside: it sets nothing, and so costs less than series_list().
create or replace function patchmail.api_list_series(base_url text, query jsonb, version text)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body text)
language plpgsql as $$
#variable_conflict use_variable
declare
    site text[] := patchmail.api_site(base_url, version, patchmail.api_value(query, 'format'));
    ids int[];
begin
    select l.status, l.total, l.is_exact, l.page, l.per_page, l.body::text, l.ids
    into status, total, is_exact, page, per_page, body, ids
    from patchmail.api_page(site, query, 'patchwork_series s', 's.id', array[
        patchmail.api_where_ids(query, 'project', 'project', 's.project_id'),
        patchmail.api_where_ids(query, 'submitter', 'person', 's.submitter_id'),
        patchmail.api_where_dates(query, 's.date'),
        patchmail.api_where_search(query, 's.name')
        ],
        patchmail.api_order_by(query, '{
            "id": "s.id", "name": "s.name", "date": "s.date", "submitter": "s.submitter_id"}', 's.id', 's.id'),
        null) l;
    if status = 200 then
        body := (
            select '[' || coalesce(string_agg(d.document, ', ' order by d.at), '') || ']'
            from patchmail.api_series_documents(site, ids) d);
    end if;
    return next;
end
$$;
