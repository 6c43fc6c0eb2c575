-- SPDX-License-Identifier: GPL-2.0-or-later
-- Series, in the order of ids. One query for all of a page, with what nearly every series has.
create or replace function patchmail.api_series_documents(site text[], ids int[])
returns table (at bigint, document text) language plpgsql stable parallel safe as $$
#variable_conflict use_column
declare
    pages text := patchmail.api_escaped(site[1]);
    api text := patchmail.api_escaped(site[2]);
    tail text := patchmail.api_escaped(site[3]);
begin
    return query
    select d.at, case when site[4] >= '4' then d.document
        else patchmail.api_without(d.document::json, variadic array['dependencies', 'dependents']
            || case when site[4] = '0' then array['web_url'] else '{}' end)::text end
    from (
        select w.at, format('{"id" : %1$s, "url" : "%2$s/series/%1$s/%3$s", "web_url" : %4$s, '
            '"project" : %5$s, "name" : %6$s, "date" : "%7$s", "submitter" : %8$s, "version" : %9$s, "total" : %10$s, '
            '"received_total" : %11$s, "received_all" : %12$s, "mbox" : "%13$s/series/%1$s/mbox/", '
            '"cover_letter" : %14$s, "patches" : [%15$s], "dependencies" : %16$s, "dependents" : %17$s}',
            s.id::text, api, tail,
            coalesce('"' || r.page || '/list/?series=' || s.id || '"', 'null'), coalesce(r.document, 'null'), patchmail.api_text(s.name),
            patchmail.api_date(s.date), coalesce(case when u.id is not null
                then patchmail.api_person_object(site, u)::text end, 'null'),
            s.version::text, s.total::text, m.count::text, (s.total <= m.count)::text, pages,
            case when s.cover_letter_id is null then 'null'
                else coalesce(patchmail.api_cover_brief(site, s.cover_letter_id)::text, 'null') end,
            m.patches,
            (
                select coalesce(json_agg(site[2] || '/series/' || y.to_series_id || '/' || site[3]
                    order by y.id), '[]')
                from patchwork_series_dependencies y
                where y.from_series_id = s.id),
            (
                select coalesce(json_agg(site[2] || '/series/' || y.from_series_id || '/' || site[3]
                    order by y.id), '[]')
                from patchwork_series_dependencies y
                where y.to_series_id = s.id)) as document
        from unnest(ids) with ordinality w (id, at)
        join patchwork_series s on s.id = w.id
        left join patchwork_person u on u.id = s.submitter_id
        left join lateral (
            select pages || '/project/' || patchmail.api_quote(o.linkname) as page,
                (case when site[4] >= '2' then patchmail.api_project_object(site, o)
                    else patchmail.api_project_brief(site, o.id) end)::text as document
            from patchwork_project o
            where o.id = s.project_id
            offset 0
        ) r on true
        cross join lateral (
            select count(*) as count, coalesce(string_agg(case when site[4] >= '2' then patchmail.api_patch_text(pages, api, tail, p, o)
                else patchmail.api_patch_brief(site, p.id)::text end, ', ' order by p.number, p.date, p.id), '') as patches
            from patchwork_patch p
            join patchwork_project o on o.id = p.project_id
            where p.series_id = s.id
        ) m
    ) d;
end
$$;
