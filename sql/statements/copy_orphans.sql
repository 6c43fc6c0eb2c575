-- Held replies are held in another project as well. $1 text[] ids, $2 int4[] project,
-- $3 int4[] the other one.
insert into patchmail.orphan
    (msgid, project_id, email, name, date, headers, content, action_required, held_at)
select o.msgid, u.to_id, o.email, o.name, o.date, o.headers, o.content, o.action_required, o.held_at
from unnest($1::text[], $2::int4[], $3::int4[]) as u (msgid, from_id, to_id)
join patchmail.orphan o
    on o.msgid = any ($1::text[]) and o.msgid = u.msgid and o.project_id = u.from_id
on conflict do nothing
