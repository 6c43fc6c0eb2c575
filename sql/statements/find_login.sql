-- Who logs in. $1 text: the user's name. -> id, password (a hash), is_active
select u.id, u.password, u.is_active
from auth_user u
where u.username = $1::text
