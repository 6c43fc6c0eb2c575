-- PUT and PATCH /api/bundles/ID/. Parameters of all serve_*: sql/README.md. -> status, body
select u.status, u.body
from patchmail.bundle_change($5::text::int4, $1::text, $2::text, patchmail.api_value($3::text::jsonb, 'format'), $7::text::jsonb, $4::int4, $9::text = 'PUT') u
