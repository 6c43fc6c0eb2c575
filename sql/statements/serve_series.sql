-- GET /api/series/ID/. Parameters of all serve_*: sql/README.md. -> body
select patchmail.api_series_item(patchmail.api_site($1::text, $2::text, patchmail.api_value($3::text::jsonb, 'format')),
    $5::text::int4) as body
