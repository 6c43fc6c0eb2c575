-- The own id of a mail leads to the series that it is in now, where it led to the other.
-- $1 int4[] project, $2 text[] msgid, $3 int4[] series as it was, $4 int4[] as it is.
update patchwork_seriesreference r
set series_id = u.new_id
from unnest($1::int4[], $2::text[], $3::int4[], $4::int4[]) as u (project_id, msgid, old_id, new_id)
where r.msgid = u.msgid and r.project_id = u.project_id and r.series_id = u.old_id
