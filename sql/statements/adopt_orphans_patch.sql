-- Held replies whose patch has come. $1 int4[] comment id, $2 text[] msgid,
-- $3 int4[] project, $4 int4[] patch.
with found as (
    delete from patchmail.orphan o
    using unnest($1::int4[], $2::text[], $3::int4[], $4::int4[])
        as u (id, msgid, project_id, parent_id)
    where o.msgid >= u.msgid and o.msgid <= u.msgid and o.project_id = u.project_id
    returning u.id, o.msgid, o.date, o.headers, o.content, u.parent_id, o.email,
        o.action_required
)
insert into patchwork_patchcomment
    (id, msgid, date, headers, content, patch_id, submitter_id, addressed)
select
    f.id, f.msgid, f.date, f.headers, f.content, f.parent_id,
    (select p.id
    from (
        select q.id, q.email
        from patchwork_person q
        where upper(q.email) >= upper(f.email)
        order by upper(q.email), q.id
        limit 1
    ) p
    where upper(p.email) = upper(f.email)),
    case when f.action_required then false end
from found f
