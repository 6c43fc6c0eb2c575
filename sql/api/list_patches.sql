-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/patches/, as text. Not called from outside: it sets nothing, and so costs less than patch_list().
create or replace function patchmail.api_list_patches(base_url text, query jsonb, version text)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body text)
language plpgsql as $$
#variable_conflict use_variable
declare
    site text[] := patchmail.api_site(base_url, version, patchmail.api_value(query, 'format'));
    ids int[];
begin
    select l.status, l.total, l.is_exact, l.page, l.per_page, l.body::text, l.ids
    into status, total, is_exact, page, per_page, body, ids
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
        null) l;
    if status = 200 then
        body := (
            select '[' || coalesce(string_agg(d.document, ', ' order by d.at), '') || ']'
            from patchmail.api_patch_documents(site, ids, patchmail.api_check_states(ids)) d);
    end if;
    return next;
end
$$;
