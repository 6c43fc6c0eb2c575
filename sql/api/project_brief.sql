-- SPDX-License-Identifier: GPL-2.0-or-later
-- A project within another document.
create or replace function patchmail.api_project_brief(site text[], project_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case when site[4] >= '2' then d.document else patchmail.api_without(d.document,
            'list_archive_url', 'list_archive_url_format', 'commit_url_format') end
        from (
            select patchmail.api_project_object(site, r) as document
            from patchwork_project r
            where r.id = project_id
            offset 0
        ) d
    );
end
$$;
