-- The mails of the threads that a mail is in, one for each project that has it.
-- $1 text: Message-ID with brackets; $2 int4: how many at most.
-- -> project, msgid, kind, refs, name, number, series, author, date, state, patch or cover id
select
    r.linkname, m.msgid, m.kind, m.refs, coalesce(p.name, c.name), m.slot, m.series_id,
    coalesce(nullif(u.name, ''), u.email, nullif(o.name, ''), o.email),
    to_char(coalesce(p.date, c.date, k.date, n.date, o.date), 'YYYY-MM-DD HH24:MI'),
    t.name, coalesce(m.patch_id, m.cover_id)
from patchmail.message a
join patchmail.message m on m.cluster_id = a.cluster_id and m.thread_id = a.thread_id
    and m.project_id = a.project_id
join patchwork_project r on r.id = m.project_id
left join patchwork_patch p on m.kind = 'p' and p.id = m.patch_id
left join patchwork_cover c on m.kind = 'c' and c.id = m.cover_id
left join patchwork_patchcomment k on m.kind = 'r' and k.id = m.comment_id and k.patch_id = m.patch_id
left join patchwork_covercomment n on m.kind = 'r' and n.id = m.comment_id and n.cover_id = m.cover_id
left join patchmail.orphan o on m.kind = 'h' and o.msgid = m.msgid and o.project_id = m.project_id
left join patchwork_person u
    on u.id = coalesce(p.submitter_id, c.submitter_id, k.submitter_id, n.submitter_id)
left join patchwork_state t on t.id = p.state_id
where a.msgid = $1::text
order by r.linkname, coalesce(p.date, c.date, k.date, n.date, o.date), m.slot, m.msgid
limit $2::int4
