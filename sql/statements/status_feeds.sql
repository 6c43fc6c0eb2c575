-- -> source, position, when it was reached, seconds ago
select
    p.source, p.position, to_char(p.updated, 'YYYY-MM-DD HH24:MI'),
    extract(epoch from now() - p.updated)::int8
from patchmail.replay_position p
order by p.source
