-- Ids for the rows of a batch. $1..$5 int4: how many patches, covers, patch comments,
-- cover comments, series; $6 threads.
-- -> six arrays
-- The sequence is looked up once a statement: its name differs between installations.
select
    array(select nextval(q.id) from (select pg_get_serial_sequence('patchwork_patch', 'id')::regclass as id offset 0) q,
        generate_series(1, $1::int4)),
    array(select nextval(q.id) from (select pg_get_serial_sequence('patchwork_cover', 'id')::regclass as id offset 0) q,
        generate_series(1, $2::int4)),
    array(select nextval(q.id) from (select pg_get_serial_sequence('patchwork_patchcomment', 'id')::regclass as id offset 0) q,
        generate_series(1, $3::int4)),
    array(select nextval(q.id) from (select pg_get_serial_sequence('patchwork_covercomment', 'id')::regclass as id offset 0) q,
        generate_series(1, $4::int4)),
    array(select nextval(q.id) from (select pg_get_serial_sequence('patchwork_series', 'id')::regclass as id offset 0) q,
        generate_series(1, $5::int4)),
    array(select nextval('patchmail.thread_id_seq') from generate_series(1, $6::int4))
