-- People by address, ignoring case; of several spellings the oldest.
-- $1 text[]: addresses.
-- -> ordinal from 1, id, name, address
select u.ord, p.id, p.name, p.email
from unnest($1::text[]) with ordinality as u (email, ord)
cross join lateral (
    select q.id, q.name, q.email
    from patchwork_person q
    where upper(q.email) = upper(u.email)
    order by q.id
    limit 1
) p
