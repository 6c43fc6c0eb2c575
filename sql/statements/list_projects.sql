-- Every project, those with a subject_match first, as Patchwork routes mail.
-- -> id, linkname, name, list id, list address, subject_match, use_tags, supersede
select p.id, p.linkname, p.name, p.listid, p.listemail, p.subject_match, p.use_tags,
    coalesce(y.supersede, false)
from patchwork_project p
left join patchmail.project_policy y on y.project_id = p.id
order by (p.subject_match = ''), p.id
