-- Clusters that hold a mail of the same sending run.
-- $1 int4[] project, $2 text[] run.
-- -> ordinal from 1, cluster
select distinct u.ord, k.cluster_id
from unnest($1::int4[], $2::text[]) with ordinality as u (project_id, run, ord)
cross join lateral (
    select m.cluster_id
    from patchmail.message m
    where m.run >= u.run and m.run <= u.run and m.project_id = u.project_id
    order by m.run
) k
