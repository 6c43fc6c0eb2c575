-- Lets go of quarantined mails, the oldest first and not all at once: those that came too long ago,
-- and as many as there are bytes too many. A mail counts a KiB more than it has bytes.
-- $1 int8: seconds, 0 for no limit; $2 int8: bytes. -> how many, their bytes
with whole as materialized (
    select coalesce(sum(octet_length(q.bytes) + 1024), 0) as bytes
    from patchmail.quarantine q
), oldest as materialized (
    select o.id, o.arrived, o.bytes, sum(o.bytes) over (order by o.id) - o.bytes as before
    from (
        select q.id, q.arrived, octet_length(q.bytes) + 1024 as bytes
        from patchmail.quarantine q
        order by q.id
        limit 1000
    ) o
), gone as (
    delete from patchmail.quarantine q
    using oldest o, whole w
    where q.id = o.id
        and ($1::int8 > 0 and o.arrived < now() - make_interval(secs => $1::int8)
            or o.before < w.bytes - $2::int8)
    returning o.bytes
)
select count(*), coalesce(sum(g.bytes), 0)
from gone g
