-- A person for people. $1 text: id or address.
-- -> id, name, email, user, patches
select p.id, p.name, p.email, u.username,
    (select count(*) from patchwork_patch m where m.submitter_id = p.id)
from patchwork_person p
left join auth_user u on u.id = p.user_id
where p.id = case when $1::text ~ '^[0-9]{1,9}$' then $1::int4 end
    or upper(p.email) = upper($1::text)
order by p.id
