-- GET /series/ID/: its page. Parameters of all serve_*: sql/README.md. -> location
select '/project/' || patchmail.api_quote(r.linkname) || '/list/?series=' || s.id as location
from patchwork_series s
join patchwork_project r on r.id = s.project_id
where s.id = $5::text::int4
