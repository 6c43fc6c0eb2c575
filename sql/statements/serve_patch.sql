-- GET /api/patches/ID/. Parameters of all serve_*: sql/README.md. -> body
select patchmail.api_patch_document(x.id, $1::text, $2::text, patchmail.api_value($3::text::jsonb, 'format')) as body
from (select $5::text::int4 as id) x
