-- Series rows. $1 int4[]: ids.
-- -> id, total, version, name, cover, submitter, date as naive microseconds,
--    whether somebody decided what is in it
select
    s.id, s.total, s.version, s.name, s.cover_letter_id, s.submitter_id,
    (extract(epoch from s.date at time zone current_setting('TimeZone')) * 1000000)::int8,
    exists (select from patchmail.decided_series d where d.series_id >= s.id and d.series_id <= s.id)
from unnest($1::int4[]) as u (id)
cross join lateral (
    select *
    from patchwork_series q
    where q.id >= u.id and q.id <= u.id
    order by q.id
) s
