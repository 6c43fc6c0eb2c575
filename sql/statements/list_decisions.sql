-- What was decided, in order. -> id, linkname, verb, arguments one a line, when, by whom, undone when
select d.id, j.linkname, d.verb, array_to_string(d.arguments, E'\n'),
    to_char(d.decided_at, 'YYYY-MM-DD HH24:MI'), d.decided_by,
    to_char(d.undone_at, 'YYYY-MM-DD HH24:MI')
from patchmail.decision d
left join patchwork_project j on j.id = d.project_id
order by d.id
