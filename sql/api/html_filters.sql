-- SPDX-License-Identifier: GPL-2.0-or-later
-- What a list may be narrowed by, as a form that needs no script. state and archive: what holds now, null
-- for what waits for somebody and is not archived.
create or replace function patchmail.api_html_filters(site text[], linkname text, query jsonb, state text, archive text)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return concat('<form class="filters" method="get" action="',
        patchmail.api_html(site[1] || '/project/' || patchmail.api_quote(linkname) || '/list/'), '">',
        (
            select string_agg('<input type="hidden" name="' || k.key || '" value="'
                || patchmail.api_html(patchmail.api_value(query, k.key)) || '"/>', '')
            from unnest(array['delegate', 'order', 'submitter']) k (key)
            where patchmail.api_value(query, k.key) is not null
        ),
        '<label>Words <input type="search" name="q" value="',
        patchmail.api_html(patchmail.api_value(query, 'q')), '"/></label> ',
        '<label>State <select name="state"><option value="">action required</option><option value="*"',
        case when state = '*' then ' selected="selected"' end, '>any</option>',
        (
            select string_agg('<option value="' || t.id || '"'
                || case when t.id = patchmail.api_id_of('state', state) then ' selected="selected"' else '' end || '>'
                || patchmail.api_html(t.name) || '</option>', '' order by t.ordering, t.id)
            from patchwork_state t
        ),
        '</select></label> <label>Archived <select name="archive"><option value="">no</option><option value="true"',
        case when archive = 'true' then ' selected="selected"' end, '>yes</option><option value="both"',
        case when archive = 'both' then ' selected="selected"' end,
        '>both</option></select></label> <button type="submit">Show</button>',
        (
            select ' <span class="only">submitted by ' || patchmail.api_html(coalesce(nullif(p.name, ''), p.email)) || '</span>'
            from patchwork_person p
            where p.id = patchmail.api_id_of('person', patchmail.api_value(query, 'submitter'))
        ),
        E'</form>\n');
end
$$;
