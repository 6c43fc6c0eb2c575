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
