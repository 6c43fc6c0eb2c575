-- SPDX-License-Identifier: GPL-2.0-or-later
-- What is known of a series, its versions among it; "" where there is none.
create or replace function patchmail.api_html_series(site text[], series_id int)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
declare
    versions text;
begin
    -- Those before and behind it, a bounded number of steps.
    with recursive older (id, n) as (
        select series_id, 0
        union all
        select v.supersedes_id, o.n + 1
        from older o
        join patchmail.series_revision v on v.series_id = o.id
        where o.n < 50
    ), newer (id, n) as (
        select series_id, 0
        union all
        select v.series_id, o.n + 1
        from newer o
        cross join lateral (
            select min(x.series_id) as series_id from patchmail.series_revision x where x.supersedes_id = o.id
        ) v
        where o.n < 50 and v.series_id is not null
    )
    select string_agg(case when s.id = series_id then '<b>v' || s.version || '</b>' else patchmail.api_html_link(
            site[1] || '/project/' || patchmail.api_quote(r.linkname) || '/list/?series=' || s.id, 'v' || s.version) end,
            ', ' order by s.version, s.date, s.id)
    into versions
    from patchwork_series s
    join patchwork_project r on r.id = s.project_id
    where s.id in (select o.id from older o union select n.id from newer n)
    having count(*) > 1;
    return coalesce((
        select patchmail.api_html_facts(
            'Series', '<bdi>' || patchmail.api_html_link(site[1] || '/project/' || patchmail.api_quote(r.linkname)
                || '/list/?series=' || s.id, coalesce(nullif(s.name, ''), 'series ' || s.id)) || '</bdi>',
            'Version', coalesce(versions, 'v' || s.version),
            'Patches', n.received || ' of ' || s.total || case when n.received < s.total
                then ' <span class="state s-missing">incomplete</span>' else '' end,
            'Cover letter', (select '<bdi>' || patchmail.api_html_link(patchmail.api_mail_url(site, 'cover', r.linkname,
                c.msgid), c.name) || '</bdi>' from patchwork_cover c where c.id = s.cover_letter_id),
            'Depends on', (
                select string_agg(patchmail.api_html_link(site[1] || '/series/' || d.id || '/',
                    coalesce(nullif(d.name, ''), 'series ' || d.id)), ', ' order by d.id)
                from (
                    select o.id, o.name
                    from patchwork_series_dependencies y
                    join patchwork_series o on o.id = y.to_series_id
                    where y.from_series_id = s.id
                    order by o.id
                    limit 50) d),
            'Download', patchmail.api_html_link(site[1] || '/series/' || s.id || '/mbox/', 'mbox of the series'))
        from patchwork_series s
        left join patchwork_project r on r.id = s.project_id
        cross join lateral (select count(*) as received from patchwork_patch p where p.series_id = s.id) n
        where s.id = series_id
    ), '');
end
$$;
