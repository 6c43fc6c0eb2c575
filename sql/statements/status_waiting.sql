-- -> held replies, since when the oldest is, mails in quarantine, when the newest came, its reason
select
    (select count(*) from patchmail.orphan),
    (select to_char(min(o.held_at), 'YYYY-MM-DD HH24:MI') from patchmail.orphan o),
    (select count(*) from patchmail.quarantine),
    to_char(q.arrived, 'YYYY-MM-DD HH24:MI'), q.reason
from (select 1) one
left join lateral (
    select arrived, reason
    from patchmail.quarantine
    order by id desc
    limit 1
) q on true
