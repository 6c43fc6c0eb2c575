-- Locks the projects that hold replies for longer than allowed, in id order.
-- $1 int8: seconds.
select pg_advisory_xact_lock(1886216557, p.project_id)
from (
    select distinct o.project_id
    from patchmail.orphan o
    where o.held_at < now() - make_interval(secs => $1::int8)
    order by o.project_id
) p
