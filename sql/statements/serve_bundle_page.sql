-- GET /bundle/USER/NAME/ for people. Parameters of all serve_*: sql/README.md. -> body
select patchmail.bundle_page($5::text, $6::text, $1::text, $4::int4) as body
