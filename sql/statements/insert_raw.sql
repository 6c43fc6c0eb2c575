-- $1 text[] msgid, $2 int4[] project, $3 bytea[] the mail.
insert into patchmail.raw (msgid, project_id, bytes)
select unnest($1::text[]), unnest($2::int4[]), unnest($3::bytea[])
on conflict do nothing
