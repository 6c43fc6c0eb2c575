-- GET /project/P/list/ for people. Parameters of all serve_*: sql/README.md. -> body
select patchmail.list_page($5::text, $1::text, $3::text::jsonb) as body
