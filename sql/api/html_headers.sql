-- SPDX-License-Identifier: GPL-2.0-or-later
-- The header of a mail, folded away; at most 30,000 characters.
create or replace function patchmail.api_html_headers(headers text)
returns text language sql immutable parallel safe as $$
    select '<details><summary>Headers</summary><pre class="text">' || E'\n'
        || patchmail.api_html(left(headers, 30000)) || '</pre></details>'
$$;
