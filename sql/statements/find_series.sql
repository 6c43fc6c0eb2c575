-- The series rows that the submissions of these clusters are in.
-- $1 int8[]: clusters.
-- -> id, total, version, name, cover, submitter, date as naive microseconds
select
    s.id, s.total, s.version, s.name, s.cover_letter_id, s.submitter_id,
    (extract(epoch from s.date at time zone current_setting('TimeZone')) * 1000000)::int8
from patchwork_series s
where s.id in (
    select m.series_id
    from patchmail.message m
    where m.cluster_id = any ($1::int8[]) and m.kind in ('p', 'c')
)
