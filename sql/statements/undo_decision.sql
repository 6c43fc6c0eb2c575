-- A decision that holds no more. Series that it ended are there again, under new ids; what
-- was decided about them before holds for these. $1 int4 id, $2 int4[] as they were,
-- $3 int4[] as they are.
with undone as (
    update patchmail.decision d set undone_at = now() where d.id = $1::int4
), released as (
    delete from patchmail.decided_series s where s.decision_id = $1::int4
)
insert into patchmail.decided_series (series_id, decision_id)
select u.new_id, s.decision_id
from unnest($2::int4[], $3::int4[]) as u (old_id, new_id)
join patchmail.decided_series s on s.series_id = u.old_id and s.decision_id <> $1::int4
on conflict do nothing
