-- People who may be delegates. $1 text[]: addresses.
-- -> ordinal from 1, user
-- Nothing in Django's table leads to an address: it is read once for all of them, through a
-- hash (the case keeps it from becoming a join, which would read it once for each).
with found as materialized (
    select a.id, upper(a.email) as email
    from auth_user a
    where case when upper(a.email) in (select upper(e) from unnest($1::text[]) e) then true end
)
select u.ord, min(f.id)
from unnest($1::text[]) with ordinality as u (email, ord)
join found f on f.email = upper(u.email)
group by u.ord
