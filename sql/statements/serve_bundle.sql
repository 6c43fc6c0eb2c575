-- GET /api/bundles/ID/: a public one, or one of the viewer. Parameters of all serve_*: sql/README.md. -> body
select patchmail.bundle_json(x.id, $1::text, $2::text, patchmail.api_value($3::text::jsonb, 'format')) as body
from patchwork_bundle x
where x.id = $5::text::int4 and (x.public or x.owner_id = $4::int4)
