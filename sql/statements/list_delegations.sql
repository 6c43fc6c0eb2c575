-- -> project, path, user; the first rule that fits a path wins
select r.project_id, r.path, r.user_id
from patchwork_delegationrule r
order by r.project_id, r.priority desc, r.id
