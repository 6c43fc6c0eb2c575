-- SPDX-License-Identifier: GPL-2.0-or-later
-- A link to elsewhere, as somebody wrote it: only where a browser would fetch a page by it. Plain
-- texts; label null: the address itself.
create or replace function patchmail.api_html_outer(url text, label text default null)
returns text language sql immutable parallel safe as $$
    select case when url ~* '^https?://[^\s]+$'
        then '<a rel="nofollow noopener noreferrer" href="' || patchmail.api_html(url) || '">'
            || patchmail.api_html(coalesce(label, url)) || '</a>'
        else patchmail.api_html(coalesce(label, url)) end
$$;
