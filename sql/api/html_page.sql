-- SPDX-License-Identifier: GPL-2.0-or-later
-- A whole page. title and link name (null: of no project) are plain texts, content is markup.
create or replace function patchmail.api_html_page(site text[], title text, linkname text, content text)
returns text language sql immutable parallel safe as $$
    select E'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        '<meta name="color-scheme" content="light dark"/><title>' || patchmail.api_html(title)
        || '</title><link rel="stylesheet" href="' || patchmail.api_html(site[1]) || E'/style.css"/></head>\n'
        '<body><header><nav>' || patchmail.api_html_link(site[1] || '/', 'Projects')
        || coalesce(' / ' || patchmail.api_html_link(site[1] || '/project/' || patchmail.api_quote(linkname) || '/list/',
            linkname), '')
        || E'</nav></header>\n<main>\n' || content || E'\n</main>\n<footer>'
        || patchmail.api_html_link(site[1] || '/api/', 'REST API') || E'</footer></body></html>\n'
$$;
