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
            select json_build_object(
                'id', r.id,
                'url', site[2] || '/projects/' || r.id || '/' || site[3],
                'name', r.name,
                'link_name', r.linkname,
                'list_id', r.listid,
                'list_email', r.listemail,
                'web_url', r.web_url,
                'scm_url', r.scm_url,
                'webscm_url', r.webscm_url,
                'list_archive_url', r.list_archive_url,
                'list_archive_url_format', r.list_archive_url_format,
                'commit_url_format', r.commit_url_format) as document
            from patchwork_project r
            where r.id = project_id
        ) d
    );
end
$$;
