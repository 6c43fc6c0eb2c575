-- Held replies that turned out to answer nothing tracked. $1 text[] ids, $2 int4[] projects.
delete from patchmail.orphan o
using unnest($1::text[], $2::int4[]) as u (msgid, project_id)
where o.msgid >= u.msgid and o.msgid <= u.msgid and o.project_id = u.project_id
