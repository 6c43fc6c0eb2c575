-- GET / for people. Parameters of all serve_*: sql/README.md. -> body
select patchmail.index_page($1::text) as body
