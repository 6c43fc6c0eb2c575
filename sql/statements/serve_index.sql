-- GET /api/. Parameters of all serve_*: sql/README.md. -> body
select patchmail.index_json($1::text, $2::text, patchmail.api_value($3::text::jsonb, 'format')) as body
