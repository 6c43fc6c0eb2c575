-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /project/P/list/ for people, with Patchwork's parameters: series, submitter, delegate, state (*: any), q,
-- archive (true, both), order, page. Without series: what waits for somebody, unless told otherwise. Lists of
-- functions that page are volatile. null where there is no such project or page.
create or replace function patchmail.list_page(linkname text, base_url text, query jsonb default '{}')
returns text language plpgsql as $$
#variable_conflict use_column
declare
    site text[] := patchmail.api_site(base_url, null, null);
    project record;
    series_id int := patchmail.api_id_of('series', patchmail.api_value(query, 'series'));
    asked_state text := coalesce(patchmail.api_value(query, 'state'), case when query ? 'series' then '*' end);
    asked_archive text := coalesce(patchmail.api_value(query, 'archive'), case when query ? 'series' then 'both' end);
    list record;
    pages int;
    rest text;
begin
    select r.id, r.name, r.linkname into project from patchwork_project r where r.linkname = list_page.linkname;
    if not found then
        return null;
    end if;
    select l.status, l.total, l.is_exact, l.page, l.per_page, l.body into list
    from patchmail.api_page(site, query - 'per_page' || '{"per_page": "100"}', 'patchwork_patch p', 'p.id', array[
        'p.project_id = ' || project.id,
        case when asked_archive = 'both' then 'p.archived in (false, true)'
            when asked_archive = 'true' then 'p.archived' else 'not p.archived' end,
        patchmail.api_where_ids(query, 'series', 'series', 'p.series_id'),
        patchmail.api_where_ids(query, 'submitter', 'person', 'p.submitter_id'),
        patchmail.api_where_ids(query, 'delegate', 'user', 'p.delegate_id'),
        case when asked_state is null then (
                select 'p.state_id = any (''' || array_agg(t.id)::text || '''::int[])'
                from patchwork_state t
                where t.action_required)
            when asked_state <> '*' then patchmail.api_where_ids(query, 'state', 'state', 'p.state_id') end,
        patchmail.api_where_search(query, 'p.name')],
        patchmail.api_order_by(query, '{"name": "p.name", "date": "p.date", "submitter": "p.submitter_id",
            "delegate": "p.delegate_id", "state": "p.state_id"}',
            case when series_id is null then 'p.date desc, p.id desc' else 'p.number, p.date, p.id' end, 'p.id'),
        'patchmail.api_html_row($1, x.id)') l;
    if list.status <> 200 then
        return null;
    end if;
    pages := greatest(1, (list.total + list.per_page - 1) / list.per_page, list.page);
    rest := (
        select coalesce(string_agg(patchmail.api_quote_value(k.key) || '=' || patchmail.api_quote_value(v.value), '&'
            order by k.key, v.at), '')
        from unnest(array['archive', 'delegate', 'order', 'q', 'series', 'state', 'submitter']) k (key)
        cross join lateral unnest(patchmail.api_values(query, k.key)) with ordinality v (value, at));
    return patchmail.api_html_page(site, project.name, project.linkname, concat(
        '<h1><bdi>', patchmail.api_html(project.name), E'</bdi></h1>\n',
        patchmail.api_html_series(site, series_id),
        case when series_id is null
            then patchmail.api_html_filters(site, project.linkname, query, asked_state, asked_archive) end,
        '<p class="count">', case when list.is_exact then '' else 'about ' end, list.total,
        case when list.total = 1 then ' patch' else ' patches' end, ', ', patchmail.api_html_link(
            site[1] || '/project/' || patchmail.api_quote(project.linkname) || '/', 'about this project'), E'</p>\n',
        patchmail.api_html_table((
            select coalesce(string_agg(i.item, E'\n' order by i.at), '')
            from json_array_elements_text(list.body) with ordinality i (item, at))),
        patchmail.api_html_pages(list.page, pages, '?' || rest || case when rest = '' then '' else '&' end)));
end
$$;
