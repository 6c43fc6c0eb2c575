-- GET /api/events/stream: what came since, as Server-Sent Events. $5 and $6: behind and up to which id. Parameters
-- of all serve_*: sql/README.md. -> last, n, body
select f.last, f.n, f.body
from patchmail.event_feed($1::text, $3::text::jsonb, $2::text, $5::text::int8, $6::text::int8, 100, true) f
