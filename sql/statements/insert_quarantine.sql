-- A mail that cannot be stored, once. $1 int4 project or null, $2 text msgid or null,
-- $3 text reason, $4 bytea digest, $5 int8 whole size, $6 bytea bytes.
insert into patchmail.quarantine (project_id, msgid, reason, digest, size, bytes)
values ($1::int4, $2::text, $3::text, $4::bytea, $5::int8, $6::bytea)
on conflict (digest, coalesce(project_id, 0)) do update set reason = excluded.reason
