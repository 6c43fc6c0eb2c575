-- $1 int8[] clusters (as they are now) that may hold them, $2 int8[] thread as it
-- was, $3 int8[] thread as it is now.
update patchmail.message m
set thread_id = u.new_id
from unnest($2::int8[], $3::int8[]) as u (old_id, new_id)
where m.cluster_id = any ($1::int8[]) and m.thread_id = u.old_id
