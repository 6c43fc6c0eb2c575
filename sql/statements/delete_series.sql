-- Series whose mails all went elsewhere. $1 int4[] series.
delete from patchwork_series s
where s.id = any ($1::int4[])
