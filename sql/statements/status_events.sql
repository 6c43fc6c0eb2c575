-- What came lately, as far as the newest 50,000 events tell.
-- -> newest event: date, seconds ago, category, project; then for the last hour and the last day:
--    patches, covers, comments, series completed
select
    to_char(n.date, 'YYYY-MM-DD HH24:MI:SS'), extract(epoch from now() - n.date)::int8,
    n.category, r.linkname, c.hour_patches, c.hour_covers, c.hour_comments, c.hour_series,
    c.day_patches, c.day_covers, c.day_comments, c.day_series
from (
    select
        count(*) filter (where e.is_hour and e.category = 'patch-created') as hour_patches,
        count(*) filter (where e.is_hour and e.category = 'cover-created') as hour_covers,
        count(*) filter (where e.is_hour and e.category like '%-comment-created') as hour_comments,
        count(*) filter (where e.is_hour and e.category = 'series-completed') as hour_series,
        count(*) filter (where e.category = 'patch-created') as day_patches,
        count(*) filter (where e.category = 'cover-created') as day_covers,
        count(*) filter (where e.category like '%-comment-created') as day_comments,
        count(*) filter (where e.category = 'series-completed') as day_series
    from (
        select x.category, x.date > now() - interval '1 hour' as is_hour
        from (
            select category, date
            from patchwork_event
            order by id desc
            limit 50000
        ) x
        where x.date > now() - interval '1 day'
    ) e
) c
left join lateral (
    select date, category, project_id
    from patchwork_event
    order by id desc
    limit 1
) n on true
left join patchwork_project r on r.id = n.project_id
