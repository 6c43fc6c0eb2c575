-- GET /api/patches/ID/comments/ID/. Parameters of all serve_*: sql/README.md. -> body
select patchmail.patch_comment_json(x.id, $1::text, $2::text, patchmail.api_value($3::text::jsonb, 'format')) as body
from patchwork_patchcomment x
where x.id = $6::text::int4 and x.patch_id = $5::text::int4
