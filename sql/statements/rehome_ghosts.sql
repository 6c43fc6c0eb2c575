-- What waits for mails in the project that they go to makes room: ids that nobody has seen, and
-- replies held there that are comments here. $1 text[] ids, $2 int4[] project.
with orphans as (
    delete from patchmail.orphan o
    using unnest($1::text[], $2::int4[]) as u (msgid, project_id)
    where o.msgid = any ($1::text[]) and o.msgid = u.msgid and o.project_id = u.project_id
),
raws as (
    delete from patchmail.raw r
    using unnest($1::text[], $2::int4[]) as u (msgid, project_id)
    where r.msgid = any ($1::text[]) and r.msgid = u.msgid and r.project_id = u.project_id
)
delete from patchmail.message m
using unnest($1::text[], $2::int4[]) as u (msgid, project_id)
where m.msgid >= u.msgid and m.msgid <= u.msgid and m.project_id = u.project_id
    and m.kind::text in ('g', 'h')
