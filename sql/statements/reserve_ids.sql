-- Ids for the rows of a batch. $1..$5 int4: how many patches, covers, patch comments,
-- cover comments, series; $6 threads and clusters.
-- -> six arrays
-- The sequences' names differ between installations; the inner select looks one up once, and
-- only where an id is asked for.
select
    array(select nextval((select pg_get_serial_sequence('patchwork_patch', 'id')::regclass))
        from generate_series(1, $1::int4)),
    array(select nextval((select pg_get_serial_sequence('patchwork_cover', 'id')::regclass))
        from generate_series(1, $2::int4)),
    array(select nextval((select pg_get_serial_sequence('patchwork_patchcomment', 'id')::regclass))
        from generate_series(1, $3::int4)),
    array(select nextval((select pg_get_serial_sequence('patchwork_covercomment', 'id')::regclass))
        from generate_series(1, $4::int4)),
    array(select nextval((select pg_get_serial_sequence('patchwork_series', 'id')::regclass))
        from generate_series(1, $5::int4)),
    array(select nextval('patchmail.thread_id_seq') from generate_series(1, $6::int4))
