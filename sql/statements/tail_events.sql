-- Events in the order of their ids, a page at a time. $1 int8: behind this id; $2 int4: how many.
-- A series is told by the id of its cover, or of its first patch.
-- -> id, category, date, project, msgid, name, series id, version, patches there, total,
--    cover id, patch id, comment id, state
select
    e.id, e.category, to_char(e.date, 'YYYY-MM-DD HH24:MI:SS'), r.linkname,
    coalesce(k.msgid, n.msgid, p.msgid, c.msgid, f.msgid, l.msgid),
    coalesce(p.name, c.name, s.name),
    e.series_id, s.version,
    case when s.id is not null then
        (select count(*) from patchwork_patch x where x.series_id = s.id) end,
    s.total, e.cover_id, e.patch_id, coalesce(e.patch_comment_id, e.cover_comment_id), t.name
from (
    select id, category, date, project_id, series_id, cover_id, patch_id, patch_comment_id,
        cover_comment_id, current_state_id
    from patchwork_event
    where id > $1::int8
    order by id
    limit $2::int4
) e
join patchwork_project r on r.id = e.project_id
left join patchwork_patch p on p.id = e.patch_id
left join patchwork_cover c on c.id = e.cover_id
left join patchwork_series s on s.id = e.series_id
left join patchwork_cover f on f.id = s.cover_letter_id
left join lateral (
    select x.msgid
    from patchwork_patch x
    where x.series_id = s.id
    order by x.number, x.id
    limit 1
) l on true
left join patchwork_patchcomment k on k.id = e.patch_comment_id
left join patchwork_covercomment n on n.id = e.cover_comment_id
left join patchwork_state t on t.id = e.current_state_id
order by e.id
