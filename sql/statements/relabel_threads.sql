-- A thread is within one cluster. $1 int8[] that cluster, as it is now, $2 int8[] thread
-- as it was, $3 int8[] thread as it is now.
update patchmail.message m
set thread_id = u.new_id
from unnest($1::int8[], $2::int8[], $3::int8[]) as u (cluster_id, old_id, new_id)
where m.cluster_id >= u.cluster_id and m.cluster_id <= u.cluster_id
    and m.thread_id = u.old_id
