-- Clusters that hold a mail of the same sending run.
-- $1 int4[] project, $2 text[] run.
-- -> ordinal from 1, cluster
-- The clusters are also noted for find_near and find_relatives, which are sent with this one.
with runs as materialized (
    select distinct u.ord, k.cluster_id
    from unnest($1::int4[], $2::text[]) with ordinality as u (project_id, run, ord)
    cross join lateral (
        select m.cluster_id
        from patchmail.message m
        where m.run >= u.run and m.run <= u.run and m.project_id = u.project_id
        order by m.run
    ) k
)
select r.ord, r.cluster_id
from runs r
cross join (select set_config('patchmail.runs', array(select q.cluster_id from runs q)::text, true)) noted
