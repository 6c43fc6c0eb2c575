-- -> source, position
select source, position
from patchmail.replay_position
