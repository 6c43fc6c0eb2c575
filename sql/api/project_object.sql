-- SPDX-License-Identifier: GPL-2.0-or-later
-- A project within another document, of its row. An expression, so that it becomes part of the query
-- that calls it.
create or replace function patchmail.api_project_object(site text[], r patchwork_project)
returns json language sql stable parallel safe as $$
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
        'commit_url_format', r.commit_url_format)
$$;
