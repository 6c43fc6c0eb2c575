-- One writer a project at a time, in id order; held until the transaction ends.
-- $1 int4[]: project ids, rising.
select pg_advisory_xact_lock(1886216557, u.id)
from unnest($1::int4[]) as u (id)
