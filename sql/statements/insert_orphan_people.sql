-- Authors of held replies that are about to be shown. $1 text[] ids, $2 int4[] projects.
insert into patchwork_person (email, name)
select distinct on (upper(o.email)) o.email, o.name
from unnest($1::text[], $2::int4[]) as u (msgid, project_id)
cross join lateral (
    select q.email, q.name, q.date
    from patchmail.orphan q
    where q.msgid >= u.msgid and q.msgid <= u.msgid and q.project_id = u.project_id
    order by q.msgid, q.project_id
) o
left join lateral (
    select q.email
    from patchwork_person q
    where upper(q.email) >= upper(o.email)
    order by upper(q.email), q.id
    limit 1
) p on upper(p.email) = upper(o.email)
where p.email is null
order by upper(o.email), o.date desc
on conflict (email) do nothing
