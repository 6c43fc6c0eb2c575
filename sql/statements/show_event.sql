-- An event for people. $1 text: id.
-- -> id, category, date, project, series, cover, patch, comment
select
    e.id, e.category, to_char(e.date, 'YYYY-MM-DD HH24:MI:SS.US'), r.linkname, e.series_id,
    e.cover_id, e.patch_id, coalesce(e.patch_comment_id, e.cover_comment_id)
from patchwork_event e
join patchwork_project r on r.id = e.project_id
where e.id = case when $1::text ~ '^[0-9]{1,9}$' then $1::int4 end
