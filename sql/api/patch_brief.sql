-- SPDX-License-Identifier: GPL-2.0-or-later
-- A patch within another document.
create or replace function patchmail.api_patch_brief(site text[], patch_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case site[4] when '0' then patchmail.api_without(d.document, 'web_url', 'list_archive_url')
            when '1' then patchmail.api_without(d.document, 'list_archive_url')
            else d.document end
        from (
            select patchmail.api_patch_object(site, p, r) as document
            from patchwork_patch p
            join patchwork_project r on r.id = p.project_id
            where p.id = patch_id
            offset 0
        ) d
    );
end
$$;
