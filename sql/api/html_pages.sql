-- SPDX-License-Identifier: GPL-2.0-or-later
-- Links to the pages before and behind this one; begin is what a link has before "page=". "" where
-- there is one page.
create or replace function patchmail.api_html_pages(page int, pages int, begin_url text)
returns text language sql immutable parallel safe as $$
    select case when pages <= 1 and page <= 1 then '' else '<nav class="pages">'
        || case when page > 1 then patchmail.api_html_link(begin_url || 'page=' || page - 1, '← Previous') else '' end
        || ' <span>Page ' || page || ' of ' || pages || '</span> '
        || case when page < pages then patchmail.api_html_link(begin_url || 'page=' || page + 1, 'Next →') else '' end
        || '</nav>' end
$$;
