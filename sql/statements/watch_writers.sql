-- Transactions that may have written events and have not ended. $1 text[]: of these only; none: all.
-- -> virtual transaction
select l.virtualtransaction
from pg_locks l
where l.locktype = 'relation' and l.relation = 'patchwork_event'::regclass and l.mode = 'RowExclusiveLock' and l.granted
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and (cardinality($1::text[]) = 0 or l.virtualtransaction = any ($1::text[]))
