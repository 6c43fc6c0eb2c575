-- A project for people. $1 text: id or link name.
-- -> id, linkname, name, listid, listemail, subject_match
select r.id, r.linkname, r.name, r.listid, r.listemail, r.subject_match
from patchwork_project r
where r.id = case when $1::text ~ '^[0-9]{1,9}$' then $1::int4 end
    or r.linkname = $1::text
order by r.id
