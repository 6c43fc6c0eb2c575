-- Comments whose nearest submission is another cover than was thought.
-- $1 int4[] comment, $2 int4[] cover.
update patchwork_covercomment c
set cover_id = u.cover_id
from unnest($1::int4[], $2::int4[]) as u (id, cover_id)
where c.id >= u.id and c.id <= u.id
