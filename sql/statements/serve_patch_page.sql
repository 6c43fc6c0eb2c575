-- GET /project/P/patch/ID/ for people. Parameters of all serve_*: sql/README.md. -> body
select patchmail.patch_page($5::text, replace($6::text, '%2F', '/'), $1::text, $3::text::jsonb) as body
