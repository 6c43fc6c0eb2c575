-- GET /api/events/?wait=…: what came since. $5 and $6: behind and up to which id. Parameters of all serve_*: sql/README.md.
-- -> last, n, body
select f.last, f.n, f.body
from patchmail.event_feed($1::text, $3::text::jsonb, $2::text, $5::text::int8, $6::text::int8, least(250, greatest(1,
    coalesce(substring(patchmail.api_value($3::text::jsonb, 'per_page') from '^\d{1,9}$')::int4, 100)))) f
