-- GET /api/states/, which Patchwork does not have: in the order of its menus. Parameters of all serve_*: sql/README.md. -> body
select json_agg(json_build_object('id', t.id, 'name', t.name, 'slug', t.slug, 'ordering', t.ordering,
    'action_required', t.action_required) order by t.ordering, t.id) as body
from patchwork_state t
