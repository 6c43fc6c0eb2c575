-- A mail joined threads or clusters: their other mails follow.
-- $1 int8[] cluster as it was, $2 int8[] cluster as it is now.
update patchmail.message m
set cluster_id = u.new_id
from unnest($1::int8[], $2::int8[]) as u (old_id, new_id)
where m.cluster_id >= u.old_id and m.cluster_id <= u.old_id
