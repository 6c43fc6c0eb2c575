-- Mails that belong to another project of their list. Their threads get labels of their
-- own there, for others of the old ones may stay.
-- $1 text[] ids, $2 int4[] project, $3 int4[] the other one.
with u as materialized (
    select u.msgid, u.from_id, u.to_id, m.thread_id, m.cluster_id
    from unnest($1::text[], $2::int4[], $3::int4[]) as u (msgid, from_id, to_id)
    join patchmail.message m
        on m.msgid = any ($1::text[]) and m.msgid = u.msgid and m.project_id = u.from_id
),
labels as materialized (
    select q.id, nextval('patchmail.thread_id_seq') as new_id
    from (
        select u.thread_id as id from u
        union
        select u.cluster_id from u
    ) q
),
orphans as (
    update patchmail.orphan o set project_id = u.to_id
    from u
    where o.msgid = any ($1::text[]) and o.msgid = u.msgid and o.project_id = u.from_id
),
raws as (
    update patchmail.raw r set project_id = u.to_id
    from u
    where r.msgid = any ($1::text[]) and r.msgid = u.msgid and r.project_id = u.from_id
)
update patchmail.message m
set project_id = u.to_id,
    thread_id = (select l.new_id from labels l where l.id = u.thread_id),
    cluster_id = (select l.new_id from labels l where l.id = u.cluster_id)
from u
where m.msgid = any ($1::text[]) and m.msgid = u.msgid and m.project_id = u.from_id
