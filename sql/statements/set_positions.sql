-- How far sources were read, in the transaction of what was read there.
-- $1 text[] source, $2 text[] position.
insert into patchmail.replay_position (source, position)
select u.source, u.position
from unnest($1::text[], $2::text[]) as u (source, position)
on conflict (source) do update
set position = excluded.position, updated = now()
