-- SPDX-License-Identifier: GPL-2.0-or-later
-- The state of a patch, as a badge.
create or replace function patchmail.api_html_state(state_id int, archived boolean default false)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select '<span class="state s-' || patchmail.api_html(regexp_replace(t.slug, '[^-a-z0-9]', '', 'g')) || '">'
            || patchmail.api_html(t.name) || '</span>'
            || case when archived then ' <span class="state">Archived</span>' else '' end
        from patchwork_state t
        where t.id = state_id
    );
end
$$;
