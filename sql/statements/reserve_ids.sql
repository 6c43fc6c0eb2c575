-- Ids for the rows of a batch. $1..$5 int4: how many patches, covers, patch comments,
-- cover comments, series; $6 threads; $7 events.
-- -> seven arrays
select
    array(select nextval(pg_get_serial_sequence('patchwork_patch', 'id')) from generate_series(1, $1::int4)),
    array(select nextval(pg_get_serial_sequence('patchwork_cover', 'id')) from generate_series(1, $2::int4)),
    array(select nextval(pg_get_serial_sequence('patchwork_patchcomment', 'id')) from generate_series(1, $3::int4)),
    array(select nextval(pg_get_serial_sequence('patchwork_covercomment', 'id')) from generate_series(1, $4::int4)),
    array(select nextval(pg_get_serial_sequence('patchwork_series', 'id')) from generate_series(1, $5::int4)),
    array(select nextval('patchmail.thread_id_seq') from generate_series(1, $6::int4)),
    array(select nextval(pg_get_serial_sequence('patchwork_event', 'id')) from generate_series(1, $7::int4))
