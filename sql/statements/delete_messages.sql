-- Rows that are written anew in the same transaction (ghosts that came to life,
-- mails whose place changed).
-- $1 text[] ids, $2 int4[] projects.
delete from patchmail.message m
using unnest($1::text[], $2::int4[]) as u (msgid, project_id)
where m.msgid >= u.msgid and m.msgid <= u.msgid and m.project_id = u.project_id
