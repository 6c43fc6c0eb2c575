-- A series that is no longer whole. $1 int4[] series.
delete from patchwork_event e
where e.series_id = any ($1::int4[]) and e.category || '' = 'series-completed'
