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
            select patchmail.api_series_object(site, s, r.linkname) as document
            from patchwork_series s
            left join patchwork_project r on r.id = s.project_id
            where s.id = series_id
            offset 0
        ) d
    );
end
$$;
