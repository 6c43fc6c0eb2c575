-- GET /api/projects/ID/, by id or link name. Parameters of all serve_*: sql/README.md. -> body
select patchmail.project_json(x.id, $1::text, $2::text, patchmail.api_value($3::text::jsonb, 'format')) as body
from (select patchmail.api_id_of('project', $5::text) as id) x
