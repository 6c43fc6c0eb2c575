-- $1 text id. -> bytes, reason, linkname, list id, whole size
select q.bytes, q.reason, p.linkname, p.listid, q.size
from patchmail.quarantine q
left join patchwork_project p on p.id = q.project_id
where q.id = $1::int4
