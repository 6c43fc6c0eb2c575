-- People by address, ignoring case; of several spellings the oldest.
-- $1 text[]: addresses.
-- -> ordinal from 1, id, name, address
-- A range and an order instead of an equation: only one index can serve these, whatever the
-- statistics say when the plan is made. So it is in all look-ups here.
select u.ord, p.id, p.name, p.email
from unnest($1::text[]) with ordinality as u (email, ord)
cross join lateral (
    select q.id, q.name, q.email
    from patchwork_person q
    where upper(q.email) >= upper(u.email)
    order by upper(q.email), q.id
    limit 1
) p
where upper(p.email) = upper(u.email)
