-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /project/P/patch/MSGID/ for people: the patch, its series, checks and comments. msgid without
-- brackets; query: page, of the comments. body null where there is no such patch.
create or replace function patchmail.patch_page(linkname text, msgid text, base_url text, query jsonb default '{}')
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
declare
    site text[] := patchmail.api_site(base_url, null, null);
    patch record;
    comments text;
    url text;
begin
    select p.id, p.name, p.msgid, p.date, p.content, p.diff, p.headers, p.submitter_id, p.delegate_id, p.state_id, p.archived,
        p.commit_ref, p.pull_url, p.hash, p.series_id, p.related_id, p.number, r.linkname,
        r.list_archive_url_format as archive_format, r.commit_url_format as commit_format
    into patch
    from patchwork_patch p
    join patchwork_project r on r.id = p.project_id
    where p.msgid = '<' || patch_page.msgid || '>' and r.linkname = patch_page.linkname;
    if not found then
        return null;
    end if;
    comments := patchmail.api_html_comments(site, 'patch', patch.id, patch.linkname, patchmail.api_value(query, 'page'));
    if comments is null then
        return null;
    end if;
    url := patchmail.api_mail_url(site, 'patch', patch.linkname, patch.msgid);
    return patchmail.api_html_page(site, patch.name, patch.linkname, concat(
        '<h1><bdi>', patchmail.api_html(patch.name), E'</bdi></h1>\n',
        patchmail.api_html_facts(
            'Submitter', patchmail.api_html_person(site, patch.submitter_id, patch.linkname),
            'Date', patchmail.api_html_date(patch.date),
            'State', patchmail.api_html_state(patch.state_id, patch.archived),
            'Delegate', (select patchmail.api_html(u.username) from auth_user u where u.id = patch.delegate_id),
            'Tags', patchmail.api_html_tags(patch.id, false),
            'Commit', patchmail.api_html_outer(
                coalesce(replace(nullif(patch.commit_format, ''), '{}', patch.commit_ref), patch.commit_ref), patch.commit_ref),
            'Pull from', patchmail.api_html(patch.pull_url),
            'Message-ID', '<code>' || coalesce(patchmail.api_html_outer(patchmail.api_archive_url(patch.archive_format,
                patch.msgid), patch.msgid), patchmail.api_html(patch.msgid)) || '</code>',
            'Download', concat_ws(', ', patchmail.api_html_link(url || 'mbox/', 'mbox'),
                patchmail.api_html_link(url || 'raw/', 'diff'),
                patchmail.api_html_link(url || 'mbox/?series=*', 'mbox with the patches before it')),
            'Related', (
                select string_agg('<bdi>' || patchmail.api_html_link(patchmail.api_mail_url(site, 'patch', x.linkname,
                    x.msgid), x.name) || '</bdi>', '<br/>' order by x.id)
                from (
                    select o.id, o.msgid, o.name, q.linkname
                    from patchwork_patch o
                    join patchwork_project q on q.id = o.project_id
                    where o.related_id = patch.related_id and o.id <> patch.id
                    order by o.id
                    limit 50) x)),
        E'\n', patchmail.api_html_series(site, patch.series_id), E'\n',
        patchmail.api_html_checks(patch.id),
        E'<section><h2>Commit message</h2>\n', patchmail.api_html_text(patch.content, 100000),
        patchmail.api_html_headers(patch.headers), E'</section>\n',
        '<section><h2>Patch</h2>' || E'\n' || patchmail.api_html_diff(nullif(patch.diff, ''), 300000) || E'</section>\n',
        comments,
        case when patch.series_id is not null
            then patchmail.api_html_members(site, patch.series_id, patch.id) end));
end
$$;
