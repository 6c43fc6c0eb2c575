-- SPDX-License-Identifier: GPL-2.0-or-later
-- A series, in lists and alone.
create or replace function patchmail.api_series_item(site text[], series_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case when site[4] >= '4' then d.document
            else patchmail.api_without(d.document, variadic array['dependencies', 'dependents']
                || case when site[4] = '0' then array['web_url'] else '{}' end) end
        from (
            select json_build_object(
                'id', s.id,
                'url', site[2] || '/series/' || s.id || '/' || site[3],
                'web_url', site[1] || '/project/' || patchmail.api_quote(r.linkname)
                    || '/list/?series=' || s.id,
                'project', case when site[4] >= '2' and r.id is not null then patchmail.api_project_object(site, r)
                    else patchmail.api_project_brief(site, s.project_id) end,
                'name', s.name,
                'date', patchmail.api_date(s.date),
                'submitter', case when u.id is not null then patchmail.api_person_object(site, u) end,
                'version', s.version,
                'total', s.total,
                'received_total', m.count,
                'received_all', s.total <= m.count,
                'mbox', site[1] || '/series/' || s.id || '/mbox/',
                'cover_letter', patchmail.api_cover_brief(site, s.cover_letter_id),
                'patches', m.patches,
                'dependencies', (
                    select coalesce(json_agg(site[2] || '/series/' || y.to_series_id || '/' || site[3]
                        order by y.id), '[]')
                    from patchwork_series_dependencies y
                    where y.from_series_id = s.id),
                'dependents', (
                    select coalesce(json_agg(site[2] || '/series/' || y.from_series_id || '/' || site[3]
                        order by y.id), '[]')
                    from patchwork_series_dependencies y
                    where y.to_series_id = s.id)
            ) as document
            from patchwork_series s
            left join patchwork_project r on r.id = s.project_id
            left join patchwork_person u on u.id = s.submitter_id
            cross join lateral (
                select count(*) as count,
                    coalesce(json_agg(case when site[4] >= '2' then patchmail.api_patch_object(site, p, o)
                        else patchmail.api_patch_brief(site, p.id) end
                        order by p.number, p.date, p.id), '[]') as patches
                from patchwork_patch p
                join patchwork_project o on o.id = p.project_id
                where p.series_id = s.id
            ) m
            where s.id = api_series_item.series_id
            offset 0
        ) d
    );
end
$$;
