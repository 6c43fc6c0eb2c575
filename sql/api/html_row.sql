-- SPDX-License-Identifier: GPL-2.0-or-later
-- A patch in a table of patches; is_current: it is the page that the table is on.
create or replace function patchmail.api_html_row(site text[], patch_id int, is_current boolean default false)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case when is_current then '<tr class="current">' else '<tr>' end || '<td class="name"><bdi>'
            || patchmail.api_html_link(patchmail.api_mail_url(site, 'patch', r.linkname, p.msgid), p.name)
            || '</bdi></td><td>' || patchmail.api_html_tags(p.id, true)
            || '</td><td>' || coalesce((
                select '<span class="check c-' || c.state || '">' || c.state || '</span>'
                from (select (patchmail.api_check_states(array[p.id]))[1] as state) c
                where c.state is not null), '')
            || '</td><td>' || patchmail.api_html_date(p.date)
            || '</td><td>' || patchmail.api_html_person(site, p.submitter_id, r.linkname)
            || '</td><td>' || patchmail.api_html((select u.username from auth_user u where u.id = p.delegate_id))
            || '</td><td>' || coalesce(patchmail.api_html_state(p.state_id, p.archived), '') || '</td></tr>'
        from patchwork_patch p
        join patchwork_project r on r.id = p.project_id
        where p.id = patch_id
    );
end
$$;
