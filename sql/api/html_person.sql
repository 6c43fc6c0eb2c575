-- SPDX-License-Identifier: GPL-2.0-or-later
-- Somebody's name, and the list of what they sent to a project.
create or replace function patchmail.api_html_person(site text[], person_id int, linkname text)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select '<bdi>' || patchmail.api_html_link(site[1] || '/project/' || patchmail.api_quote(linkname)
            || '/list/?submitter=' || p.id || '&state=*&archive=both', coalesce(nullif(p.name, ''), p.email)) || '</bdi>'
        from patchwork_person p
        where p.id = person_id
    );
end
$$;
