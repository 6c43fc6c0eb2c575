-- Authors of held replies that are about to be shown. $1 text[] ids, $2 int4[] projects.
insert into patchwork_person (email, name)
select distinct on (upper(o.email)) o.email, o.name
from unnest($1::text[], $2::int4[]) as u (msgid, project_id)
join patchmail.orphan o
    on o.msgid = any ($1::text[]) and o.msgid = u.msgid and o.project_id = u.project_id
where not exists (select from patchwork_person p where upper(p.email) = upper(o.email))
order by upper(o.email), o.date desc
on conflict (email) do nothing
