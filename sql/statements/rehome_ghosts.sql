-- What waits for mails in the project that they go to makes room. $1 text[] ids,
-- $2 int4[] project.
delete from patchmail.message m
using unnest($1::text[], $2::int4[]) as u (msgid, project_id)
where m.msgid = any ($1::text[]) and m.msgid = u.msgid and m.project_id = u.project_id
    and m.kind = 'g'
