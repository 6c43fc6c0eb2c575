-- The own id of a mail leads to the series that it is in now, where it led to the other.
-- $1 int4[] project, $2 text[] msgid, $3 int4[] series as it was, $4 int4[] as it is.
update patchwork_seriesreference r
set series_id = u.new_id
from unnest($1::int4[], $2::text[], $3::int4[], $4::int4[]) as u (project_id, msgid, old_id, new_id)
cross join lateral (
    select q.id, q.project_id, q.msgid, q.series_id
    from patchwork_seriesreference q
    where (q.project_id, q.msgid) >= (u.project_id, u.msgid)
    order by q.project_id, q.msgid
    limit 1
) q
where q.project_id = u.project_id and q.msgid = u.msgid and q.series_id = u.old_id
    and r.id >= q.id and r.id <= q.id
