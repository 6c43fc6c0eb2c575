-- The time base of a batch, read after the locks are held.
-- -> wall clock as naive microseconds since 1970 in the session's zone
select (extract(epoch from clock_timestamp() at time zone current_setting('TimeZone')) * 1000000)::int8
