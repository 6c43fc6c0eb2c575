-- Depends-on by Message-ID. $1 int4[] project, $2 text[] msgid, $3 text[] that of what it
-- depends on.
insert into patchmail.dependency (project_id, msgid, on_msgid)
select unnest($1::int4[]), unnest($2::text[]), unnest($3::text[])
on conflict do nothing
