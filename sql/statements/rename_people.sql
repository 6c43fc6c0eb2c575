-- Patchwork keeps the newest name of a person.
-- $1 int4[] ids, $2 text[] names.
update patchwork_person p
set name = u.name
from unnest($1::int4[], $2::text[]) as u (id, name)
where p.id >= u.id and p.id <= u.id
