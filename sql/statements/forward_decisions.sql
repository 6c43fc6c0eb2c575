-- What holds for a series that is given up holds for the one that took its mails.
-- $1 int4[] given up, $2 int4[] heir.
insert into patchmail.decided_series (series_id, decision_id)
select distinct u.heir_id, d.decision_id
from unnest($1::int4[], $2::int4[]) as u (id, heir_id)
join patchmail.decided_series d on d.series_id >= u.id and d.series_id <= u.id
on conflict do nothing
