-- Comments on a patch that belong to a cover.
-- $1 int4[] patch comment, $2 int4[] new cover comment id, $3 int4[] cover.
with gone as (
    delete from patchwork_patchcomment c
    using unnest($1::int4[], $2::int4[], $3::int4[]) as u (id, new_id, cover_id)
    where c.id >= u.id and c.id <= u.id
    returning u.new_id, c.msgid, c.date, c.headers, c.content, u.cover_id, c.submitter_id
)
insert into patchwork_covercomment
    (id, msgid, date, headers, content, cover_id, submitter_id, addressed)
select g.new_id, g.msgid, g.date, g.headers, g.content, g.cover_id, g.submitter_id, null
from gone g
