-- -> id, arrived, project, msgid, size, reason
select q.id, to_char(q.arrived, 'YYYY-MM-DD HH24:MI:SS'), p.linkname, q.msgid, q.size, q.reason
from patchmail.quarantine q
left join patchwork_project p on p.id = q.project_id
order by q.id
