-- How the session's zone fits the dates that are there: events are local time, mails the
-- UTC wall clock. -> zone, newest event, newest patch, server's now, encoding
select
    current_setting('TimeZone'),
    coalesce((select to_char(e.date, 'YYYY-MM-DD HH24:MI') from patchwork_event e order by e.id desc limit 1), 'none'),
    coalesce((select to_char(p.date, 'YYYY-MM-DD HH24:MI') from patchwork_patch p order by p.id desc limit 1), 'none'),
    to_char(now(), 'YYYY-MM-DD HH24:MI'),
    current_setting('server_encoding')
