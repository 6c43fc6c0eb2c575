-- The recorded links of the series in these clusters. $1 int8[] clusters.
-- -> series, the one it replaces, why
select r.series_id, r.supersedes_id, r.reason
from patchmail.series_revision r
where r.series_id in (
    select m.series_id
    from patchmail.message m
    where m.cluster_id = any ($1::int8[]) and m.kind in ('p', 'c')
)
