-- -> database, version of the server
select current_database(), current_setting('server_version')
