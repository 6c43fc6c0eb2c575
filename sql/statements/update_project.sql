-- $1..$12 text as in insert_project.sql; null: as it is. -> id, nothing where there is none
update patchwork_project p
set name = coalesce($2::text, p.name), listid = coalesce($3::text, p.listid),
    listemail = coalesce($4::text, p.listemail),
    subject_match = coalesce($5::text, p.subject_match),
    web_url = coalesce($6::text, p.web_url), scm_url = coalesce($7::text, p.scm_url),
    webscm_url = coalesce($8::text, p.webscm_url),
    list_archive_url = coalesce($9::text, p.list_archive_url),
    list_archive_url_format = coalesce($10::text, p.list_archive_url_format),
    commit_url_format = coalesce($11::text, p.commit_url_format),
    use_tags = coalesce($12::bool, p.use_tags)
where p.linkname = $1::text
returning p.id
