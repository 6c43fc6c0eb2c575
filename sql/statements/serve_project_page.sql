-- GET /project/P/ for people. Parameters of all serve_*: sql/README.md. -> body
select patchmail.project_page($5::text, $1::text) as body
