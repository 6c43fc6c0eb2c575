-- Events of comments whose place changed; they are written anew.
-- $1 int4[] patch comments, $2 int4[] cover comments.
delete from patchwork_event e
where e.patch_comment_id = any ($1::int4[]) or e.cover_comment_id = any ($2::int4[])
