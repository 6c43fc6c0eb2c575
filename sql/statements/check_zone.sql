-- By how much the zone in which dates are stored seems to differ from UTC: Patchwork stores a mail's UTC
-- wall clock as though it were local time, so between a patch and its event lies that difference, and
-- the little time that the mail took. Of the newest 200 patches those are asked that came within a
-- day, and the fifth that was quickest.
-- -> patches asked, difference in seconds (in quarters of an hour), that of the session's zone
select
    count(*),
    round(percentile_disc(0.2) within group (order by d.seconds) / 900) * 900,
    extract(timezone from now())::int4
from (
    select extract(epoch from e.date - p.date) as seconds
    from (
        select date, patch_id
        from patchwork_event
        where category = 'patch-created'
        order by id desc
        limit 200
    ) e
    join patchwork_patch p on p.id = e.patch_id
    where e.date - p.date between interval '-15 hours' and interval '15 hours'
) d
