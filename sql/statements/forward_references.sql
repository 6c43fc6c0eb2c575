-- What led to a series that is given up leads to the one that took its mails.
-- $1 int4[] given up, $2 int4[] heir.
update patchwork_seriesreference r
set series_id = u.heir_id
from unnest($1::int4[], $2::int4[]) as u (series_id, heir_id)
where r.series_id >= u.series_id and r.series_id <= u.series_id
