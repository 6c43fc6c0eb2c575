-- Comments whose nearest submission is another patch than was thought.
-- $1 int4[] comment, $2 int4[] patch.
update patchwork_patchcomment c
set patch_id = u.patch_id
from unnest($1::int4[], $2::int4[]) as u (id, patch_id)
where c.id >= u.id and c.id <= u.id
