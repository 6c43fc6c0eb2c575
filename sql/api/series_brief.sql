-- SPDX-License-Identifier: GPL-2.0-or-later
-- A series within another document.
create or replace function patchmail.api_series_brief(site text[], series_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case when site[4] >= '1' then d.document
            else patchmail.api_without(d.document, 'web_url') end
        from (
            select json_build_object(
                'id', s.id,
                'url', site[2] || '/series/' || s.id || '/' || site[3],
                'web_url', site[1] || '/project/' || patchmail.api_quote(r.linkname)
                    || '/list/?series=' || s.id,
                'date', patchmail.api_date(s.date),
                'name', s.name,
                'version', s.version,
                'mbox', site[1] || '/series/' || s.id || '/mbox/') as document
            from patchwork_series s
            left join patchwork_project r on r.id = s.project_id
            where s.id = series_id
        ) d
    );
end
$$;
