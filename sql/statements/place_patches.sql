-- Second half of a move. $1 int4[] patch, $2 int4[] series, $3 int4[] number.
update patchwork_patch p
set series_id = u.series_id, number = u.number
from unnest($1::int4[], $2::int4[], $3::int4[]) as u (id, series_id, number)
where p.id >= u.id and p.id <= u.id
