-- Every project, those with a subject_match first, as Patchwork routes mail.
-- -> id, linkname, name, list id, list address, subject_match, use_tags
select p.id, p.linkname, p.name, p.listid, p.listemail, p.subject_match, p.use_tags
from patchwork_project p
order by (p.subject_match = ''), p.id
