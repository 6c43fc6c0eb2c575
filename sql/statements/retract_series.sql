-- Events of series that are given up. $1 int4[] series.
delete from patchwork_event e
where e.series_id = any ($1::int4[])
    and e.category || '' in ('series-created', 'series-completed')
