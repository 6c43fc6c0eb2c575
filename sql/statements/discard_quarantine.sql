-- $1 text id. -> id
delete from patchmail.quarantine q where q.id = $1::int4 returning q.id
