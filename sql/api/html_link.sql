-- SPDX-License-Identifier: GPL-2.0-or-later
-- A link within our pages; url and label are plain texts.
create or replace function patchmail.api_html_link(url text, label text)
returns text language sql immutable parallel safe as $$
    select '<a href="' || patchmail.api_html(url) || '">' || patchmail.api_html(label) || '</a>'
$$;
