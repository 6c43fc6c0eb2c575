-- A patch for people. $1 text: id or Message-ID, with or without brackets.
-- -> id, msgid, name, project, submitter, date, state, series, hash, tags, pull_url,
--    content, diff, delegate
select
    p.id, p.msgid, p.name, r.linkname, coalesce(u.name || ' ', '') || '<' || u.email || '>',
    to_char(p.date, 'YYYY-MM-DD HH24:MI:SS'), s.name,
    (select '#' || x.id || ' ' || coalesce(x.name, '') || ' (v' || x.version || ', '
        || coalesce(p.number::text, '?') || '/' || x.total || ')'
    from patchwork_series x where x.id = p.series_id),
    p.hash,
    (select string_agg(t.name || ' ' || c.count, ', ' order by t.id)
    from patchwork_patchtag c join patchwork_tag t on t.id = c.tag_id
    where c.patch_id = p.id),
    p.pull_url, p.content, p.diff,
    (select a.username from auth_user a where a.id = p.delegate_id)
from patchwork_patch p
join patchwork_project r on r.id = p.project_id
join patchwork_person u on u.id = p.submitter_id
left join patchwork_state s on s.id = p.state_id
where p.id = case when $1::text ~ '^[0-9]{1,9}$' then $1::int4 end
    or p.msgid in ($1::text, '<' || $1::text || '>')
order by p.id
