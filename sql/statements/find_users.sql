-- People who may be delegates. $1 text[]: addresses.
-- -> ordinal from 1, user
select u.ord, min(a.id)
from unnest($1::text[]) with ordinality as u (email, ord)
join auth_user a on upper(a.email) = upper(u.email)
group by u.ord
