-- A new token for a user, in place of an old one: 40 digits out of 244 random bits.
-- $1 text: name. -> key; no row: there is no such user
insert into authtoken_token (key, created, user_id)
select left(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 40), now(), u.id
from auth_user u
where u.username = $1::text
on conflict (user_id) do update set key = excluded.key, created = excluded.created
returning key
