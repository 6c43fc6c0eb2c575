-- GET /api/covers/ID/comments/ID/. Parameters of all serve_*: sql/README.md. -> body
select patchmail.cover_comment_json(x.id, $1::text, $2::text, patchmail.api_value($3::text::jsonb, 'format')) as body
from patchwork_covercomment x
where x.id = $6::text::int4 and x.cover_id = $5::text::int4
