-- PUT and PATCH /api/patches/ID/. Parameters of all serve_*: sql/README.md. -> status, body
select u.status, u.body
from patchmail.patch_update($5::text::int4, $1::text, $2::text, patchmail.api_value($3::text::jsonb, 'format'), $7::text::jsonb, $4::int4, $8::text, $9::text = 'PUT') u
