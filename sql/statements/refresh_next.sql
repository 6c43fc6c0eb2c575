-- The next mails that were kept as they arrived.
-- $1 text, $2 int4: after this one; $3 text: only of this project, or null; $4 text[]: only
-- these Message-IDs, empty: all; $5 int4: how many.
-- -> msgid, project, bytes
select r.msgid, r.project_id, r.bytes
from patchmail.raw r
where (r.msgid, r.project_id) > ($1::text, $2::int4)
    and (cardinality($4::text[]) = 0 or r.msgid = any ($4::text[]))
    and ($3::text is null or r.project_id = (
        select p.id from patchwork_project p where p.linkname = $3::text))
order by r.msgid, r.project_id
limit $5::int4
