-- GET /api/patches/ID/checks/ID/. Parameters of all serve_*: sql/README.md. -> body
select patchmail.check_json(x.id, $1::text, $2::text, patchmail.api_value($3::text::jsonb, 'format')) as body
from patchwork_check x
where x.id = $6::text::int4 and x.patch_id = $5::text::int4
