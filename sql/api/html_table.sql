-- SPDX-License-Identifier: GPL-2.0-or-later
-- A table of patches; rows is markup.
create or replace function patchmail.api_html_table(rows text)
returns text language sql immutable parallel safe as $$
    select case when rows = '' then '<p class="none">There are no patches here.</p>'
        else E'<table class="patches"><thead><tr><th>Patch</th><th>Tags</th><th>Checks</th><th>Date</th>'
            '<th>Submitter</th><th>Delegate</th><th>State</th></tr></thead>' || E'\n<tbody>' || rows
            || '</tbody></table>' end
$$;
