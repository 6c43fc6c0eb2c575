-- GET /series/ID/mbox/. Parameters of all serve_*: sql/README.md. -> body, filename
select patchmail.series_mbox(s.id, true) as body,
    btrim(regexp_replace(coalesce(nullif(s.name, ''), 'series-' || s.id), '[^-_A-Za-z0-9\.]+', '-', 'g'), '-') || '.patch' as filename
from patchwork_series s
where s.id = $5::text::int4
