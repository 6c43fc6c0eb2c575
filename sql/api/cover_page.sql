-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /project/P/cover/MSGID/ for people: the cover, its series and comments. msgid without brackets;
-- query: page, of the comments. null where there is no such cover.
create or replace function patchmail.cover_page(linkname text, msgid text, base_url text, query jsonb default '{}')
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
declare
    site text[] := patchmail.api_site(base_url, null, null);
    cover record;
    comments text;
begin
    select c.id, c.name, c.msgid, c.date, c.content, c.headers, c.submitter_id, r.linkname,
        r.list_archive_url_format as archive_format,
        (select min(s.id) from patchwork_series s where s.cover_letter_id = c.id) as series_id
    into cover
    from patchwork_cover c
    join patchwork_project r on r.id = c.project_id
    where c.msgid = '<' || cover_page.msgid || '>' and r.linkname = cover_page.linkname;
    if not found then
        return null;
    end if;
    comments := patchmail.api_html_comments(site, 'cover', cover.id, cover.linkname, patchmail.api_value(query, 'page'));
    if comments is null then
        return null;
    end if;
    return patchmail.api_html_page(site, cover.name, cover.linkname, concat(
        '<h1><bdi>', patchmail.api_html(cover.name), E'</bdi></h1>\n',
        patchmail.api_html_facts(
            'Submitter', patchmail.api_html_person(site, cover.submitter_id, cover.linkname),
            'Date', patchmail.api_html_date(cover.date),
            'Message-ID', '<code>' || coalesce(patchmail.api_html_outer(patchmail.api_archive_url(cover.archive_format,
                cover.msgid), cover.msgid), patchmail.api_html(cover.msgid)) || '</code>',
            'Download', patchmail.api_html_link(
                patchmail.api_mail_url(site, 'cover', cover.linkname, cover.msgid) || 'mbox/', 'mbox')),
        E'\n', patchmail.api_html_series(site, cover.series_id), E'\n',
        E'<section><h2>Cover letter</h2>\n', patchmail.api_html_text(cover.content, 100000),
        patchmail.api_html_headers(cover.headers), E'</section>\n',
        case when cover.series_id is not null
            then patchmail.api_html_members(site, cover.series_id, null) end, E'\n',
        comments));
end
$$;
