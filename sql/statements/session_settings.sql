-- What every session of ours wants. No role needs rights for these.
set client_min_messages = warning;
set bytea_output = hex;
set jit = off;
-- Plans for the values of one batch are bad for the next one and seldom worth
-- their making.
set plan_cache_mode = force_generic_plan;
-- A plan made while a table was empty must not stay sequential; that holds for
-- the plans of foreign key checks too.
set enable_seqscan = off;
set enable_sort = off;
set enable_incremental_sort = off;
set enable_hashjoin = off;
set enable_mergejoin = off;
-- Who is gone must not keep a lock: where a network swallows packets, the server would wait for the
-- rest of a transaction for hours. Other timeouts that somebody has set stay.
select set_config(d.name, d.value, false)
from (values
    ('lock_timeout', '20s'),
    ('idle_in_transaction_session_timeout', '30s'),
    ('tcp_keepalives_idle', '30'),
    ('tcp_keepalives_interval', '10'),
    ('tcp_keepalives_count', '3')
) d (name, value)
where d.name like 'tcp%' or current_setting(d.name) = '0';
