-- Events of a patch name the series it is in now.
-- $1 int4[] patch, $2 int4[] series.
update patchwork_event e
set series_id = u.series_id
from unnest($1::int4[], $2::int4[]) as u (patch_id, series_id)
where e.patch_id >= u.patch_id and e.patch_id <= u.patch_id
    and e.category || '' = 'patch-completed' and e.series_id <> u.series_id
