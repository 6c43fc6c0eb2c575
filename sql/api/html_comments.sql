-- SPDX-License-Identifier: GPL-2.0-or-later
-- A page of the comments on a patch or cover (kind), 100 by date, each below the one of them that it
-- answers, as far as eight deep. Long ones are cut, all of them the more the more there is. It costs what
-- a page of comments costs, however many there are. "" where there are none, null where the page is none.
create or replace function patchmail.api_html_comments(site text[], kind text, mail_id int, linkname text,
    asked text)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
declare
    page_size constant int := 100;
    page int := case when asked is null then 1 when asked ~ '^\d{1,7}$' then asked::int else 0 end;
    pages int;
    total int;
    paths text[] := '{}';
    place text;
    one record;
    items text;
begin
    total := case kind
        when 'patch' then (select count(*) from patchwork_patchcomment k where k.patch_id = mail_id)
        else (select count(*) from patchwork_covercomment k where k.cover_id = mail_id) end;
    pages := greatest(1, (total + page_size - 1) / page_size);
    if page < 1 or page > pages then
        return null;
    end if;
    if total = 0 then
        return '';
    end if;
    -- An answer stands behind what it answers: so one pass finds all places.
    for one in
        with shown as (
            select row_number() over (order by x.date, x.id) as at, x.msgid,
                coalesce(substring(E'\n' || left(x.headers, 20000) from '(?i)\nin-reply-to:[^<\n]*(?:\n[ \t][^<\n]*)*(<[^<>\s]+>)'),
                    substring(E'\n' || left(x.headers, 20000) from '(?i)\nreferences:(?:[^\n]|\n[ \t])*(<[^<>\s]+>)')) as parent
            from (
                select k.id, k.date, k.msgid, k.headers
                from patchwork_patchcomment k
                where kind = 'patch' and k.patch_id = mail_id
                union all
                select k.id, k.date, k.msgid, k.headers
                from patchwork_covercomment k
                where kind = 'cover' and k.cover_id = mail_id
                order by 2, 1
                limit page_size offset (page - 1) * page_size
            ) x
        )
        select s.at, (select min(p.at) from shown p where p.msgid = s.parent and p.at < s.at) as parent_at
        from shown s
        order by s.at
    loop
        place := lpad(one.at::text, 3, '0');
        paths := paths || case when one.parent_at is null then place
            else left(paths[one.parent_at], 21) || place end;
    end loop;
    select string_agg('<article class="comment depth' || length(w.path) / 3 - 1 || '" id="' || w.id || '"><h3>'
        || patchmail.api_html_person(site, w.submitter_id, linkname) || ' '
        || '<a href="#' || w.id || '">' || patchmail.api_html_date(w.date) || '</a>'
        || case w.addressed when true then ' <span class="state s-accepted">addressed</span>'
            when false then ' <span class="state s-missing">not addressed</span>' else '' end
        || '</h3>' || patchmail.api_html_text(w.content, w.wanted) || '</article>', E'\n' order by w.path)
    into items
    from (
        select x.id, x.date, x.submitter_id, x.content, x.addressed, paths[row_number() over (order by x.date, x.id)] as path,
            case when sum(least(length(x.content), 20000)) over (order by x.date, x.id) < 400000 then 20000
                else 500 end as wanted
        from (
            select k.id, k.date, k.submitter_id, k.content, k.addressed
            from patchwork_patchcomment k
            where kind = 'patch' and k.patch_id = mail_id
            union all
            select k.id, k.date, k.submitter_id, k.content, k.addressed
            from patchwork_covercomment k
            where kind = 'cover' and k.cover_id = mail_id
            order by 2, 1
            limit page_size offset (page - 1) * page_size
        ) x
    ) w;
    return '<section id="comments"><h2>Comments</h2>' || E'\n' || items
        || patchmail.api_html_pages(page, pages, '?') || E'</section>\n';
end
$$;
