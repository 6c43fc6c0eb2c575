-- -> id of the newest event, 0 where there is none
select coalesce((select e.id from patchwork_event e order by e.id desc limit 1), 0)
