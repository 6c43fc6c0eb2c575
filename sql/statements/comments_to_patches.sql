-- Comments on a cover that belong to a patch.
-- $1 int4[] cover comment, $2 int4[] new patch comment id, $3 int4[] patch.
with gone as (
    delete from patchwork_covercomment c
    using unnest($1::int4[], $2::int4[], $3::int4[]) as u (id, new_id, patch_id)
    where c.id >= u.id and c.id <= u.id
    returning u.new_id, c.msgid, c.date, c.headers, c.content, u.patch_id, c.submitter_id
)
insert into patchwork_patchcomment
    (id, msgid, date, headers, content, patch_id, submitter_id, addressed)
select
    g.new_id, g.msgid, g.date, g.headers, g.content, g.patch_id, g.submitter_id,
    case when g.headers ~* '(^|\n)X-Patchwork-Action-Required:' then false end
from gone g
