-- SPDX-License-Identifier: GPL-2.0-or-later
-- Events, in the order of ids. The payload of each has what its category tells of. One query for all
-- of a page, with what most of them name; the rest is called where there is any.
create or replace function patchmail.api_event_documents(site text[], ids int[])
returns table (at bigint, document text) language plpgsql stable parallel safe as $$
#variable_conflict use_column
declare
    pages text := patchmail.api_escaped(site[1]);
    api text := patchmail.api_escaped(site[2]);
    tail text := patchmail.api_escaped(site[3]);
begin
    return query
    select d.at, case when site[4] >= '2' then d.document
        else patchmail.api_without(d.document::json, 'actor')::text end
    from (
        select w.at, format('{"id" : %s, "category" : %s, "project" : %s, "date" : "%s", "actor" : %s, "payload" : %s}',
            e.id::text, patchmail.api_text(e.category), r.document, patchmail.api_date(e.date),
            coalesce(case when e.actor_id is not null
                then patchmail.api_user_brief(site, e.actor_id)::text end, 'null'),
            case
                when e.category in ('patch-created', 'patch-completed')
                    then '{"patch" : ' || coalesce(x.patch, 'null')
                        || case e.category when 'patch-completed' then ', "series" : ' || coalesce(y.series, 'null')
                            else '' end || '}'
                when e.category in ('series-created', 'series-completed')
                    then '{"series" : ' || coalesce(y.series, 'null') || '}'
                else patchmail.api_event_payload(site, e.id, x.patch::json)::text end) as document
        from unnest(ids) with ordinality w (id, at)
        join patchwork_event e on e.id = w.id
        cross join lateral (
            -- PostgreSQL makes it once for each project, where it expects few.
            select (case when site[4] >= '2' then patchmail.api_project_object(site, o)
                else patchmail.api_project_brief(site, o.id) end)::text as document
            from patchwork_project o
            where o.id = e.project_id
            offset 0
        ) r
        left join lateral (
            select case when site[4] >= '2' then patchmail.api_patch_text(pages, api, tail, p, o)
                else patchmail.api_patch_brief(site, p.id)::text end as patch
            from patchwork_patch p
            join patchwork_project o on o.id = p.project_id
            where p.id = e.patch_id
            offset 0
        ) x on true
        left join lateral (
            select case when site[4] >= '1' and o.id is not null then patchmail.api_series_text(pages, api, tail, s,
                    pages || '/project/' || patchmail.api_quote(o.linkname))
                else patchmail.api_series_brief(site, s.id)::text end as series
            from patchwork_series s
            left join patchwork_project o on o.id = s.project_id
            where s.id = e.series_id
            offset 0
        ) y on true
    ) d;
end
$$;
