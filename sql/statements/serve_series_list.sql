-- GET /api/series/. Parameters of all serve_*: sql/README.md.
-- -> status, total, is_exact, page, per_page, body
select l.status, l.total, l.is_exact, l.page, l.per_page, l.body
from patchmail.api_list_series($1::text, $3::text::jsonb, $2::text) l
