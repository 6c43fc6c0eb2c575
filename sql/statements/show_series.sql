-- A series for people. $1 text: its id, or the Message-ID of one of its mails.
-- -> id, name, project, version, total, received, submitter, date, replaces
select
    s.id, s.name, r.linkname, s.version, s.total,
    (select count(*) from patchwork_patch p where p.series_id = s.id),
    coalesce(u.name || ' ', '') || '<' || u.email || '>',
    to_char(s.date, 'YYYY-MM-DD HH24:MI:SS'),
    (select '#' || v.supersedes_id || ' (' || v.reason || ')'
    from patchmail.series_revision v where v.series_id = s.id)
from patchwork_series s
left join patchwork_project r on r.id = s.project_id
join patchwork_person u on u.id = s.submitter_id
where s.id = case when $1::text ~ '^[0-9]{1,9}$' then $1::int4 end
    or s.id in (select p.series_id from patchwork_patch p
        where p.msgid in ($1::text, '<' || $1::text || '>'))
    or s.cover_letter_id in (select c.id from patchwork_cover c
        where c.msgid in ($1::text, '<' || $1::text || '>'))
order by s.id
