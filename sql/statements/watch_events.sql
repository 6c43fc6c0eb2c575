-- Which events there are behind an id, at most 10,000. $1 int8: the id. An id that is missing may still come,
-- from a transaction that has not ended; who may bring it holds this lock (asked after the ids were read).
-- -> the last id without one missing before it, the last id, how many
select coalesce(max(x.id) filter (where x.id = $1::int8 + x.at), $1::int8), coalesce(max(x.id), $1::int8), count(*)
from (
    select e.id, row_number() over (order by e.id) as at
    from (
        select o.id
        from patchwork_event o
        where o.id > $1::int8
        order by o.id
        limit 10000
    ) e
) x
