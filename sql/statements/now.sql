-- The time base of a batch, read after the locks are held.
-- -> wall clock as naive microseconds since 1970 in the session's zone,
--    earliest date of an event that is not behind one already visible (same scale).
select
    (extract(epoch from clock_timestamp() at time zone current_setting('TimeZone')) * 1000000)::int8,
    (extract(epoch from coalesce(
        (select e.date from patchwork_event e order by e.id desc limit 1),
        to_timestamp(0)) at time zone current_setting('TimeZone')) * 1000000)::int8
