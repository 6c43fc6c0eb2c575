-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/patches/
create or replace function patchmail.patch_list(base_url text, query jsonb default '{}',
    version text default null)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body json)
language plpgsql as $$
declare
    site text[] := patchmail.api_site(base_url, version, patchmail.api_value(query, 'format'));
begin
    return query
    select *
    from patchmail.api_page(site, query, 'patchwork_patch p', 'p.id', array[
        patchmail.api_where_ids(query, 'project', 'project', 'p.project_id'),
        patchmail.api_where_ids(query, 'series', 'series', 'p.series_id'),
        patchmail.api_where_ids(query, 'submitter', 'person', 'p.submitter_id'),
        patchmail.api_where_ids(query, 'delegate', 'user', 'p.delegate_id'),
        patchmail.api_where_ids(query, 'state', 'state', 'p.state_id'),
        -- Patchwork's index begins with archived.
        coalesce(patchmail.api_where_flag(query, 'archived', 'p.archived'),
            case when query ?| array['state', 'delegate'] then 'p.archived in (false, true)' end),
        patchmail.api_where_dates(query, 'p.date'),
        patchmail.api_where_search(query, 'p.name'),
        case when site[4] >= '2'
            then 'p.hash = ' || quote_literal(lower(patchmail.api_value(query, 'hash'))) end,
        case when site[4] >= '2'
            then 'p.msgid = ' || quote_literal('<' || patchmail.api_value(query, 'msgid') || '>') end
        ],
        patchmail.api_order_by(query, '{
            "id": "p.id", "name": "p.name", "date": "p.date", "archived": "p.archived",
            "project": "(select r.linkname from patchwork_project r where r.id = p.project_id)",
            "state": "(select t.ordering from patchwork_state t where t.id = p.state_id)",
            "submitter": "p.submitter_id"}', 'p.id', 'p.id'),
        'patchmail.api_patch_documents');
end
$$;
