-- A cover letter for people. $1 text: id or Message-ID, with or without brackets.
-- -> id, msgid, name, project, submitter, date, series, content
select
    c.id, c.msgid, c.name, r.linkname, coalesce(u.name || ' ', '') || '<' || u.email || '>',
    to_char(c.date, 'YYYY-MM-DD HH24:MI:SS'),
    (select '#' || x.id || ' ' || coalesce(x.name, '') || ' (v' || x.version || ', 0/'
        || x.total || ')'
    from patchwork_series x where x.cover_letter_id = c.id),
    c.content
from patchwork_cover c
join patchwork_project r on r.id = c.project_id
join patchwork_person u on u.id = c.submitter_id
where c.id = case when $1::text ~ '^[0-9]{1,9}$' then $1::int4 end
    or c.msgid in ($1::text, '<' || $1::text || '>')
order by c.id
