-- $1 text Message-ID. -> bytes
select r.bytes from patchmail.raw r where r.msgid = $1::text order by r.project_id limit 1
