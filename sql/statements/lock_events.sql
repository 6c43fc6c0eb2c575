-- One writer at a time numbers and dates events and commits, whatever its projects: so they
-- become visible in the order of their ids. Taken last, after all else is written; a project's
-- id is never 0. A statement of its own, since the next one must see what was committed before.
select pg_advisory_xact_lock(1886216557, 0)
