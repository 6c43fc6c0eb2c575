-- $1..$12 text: linkname, name, list id, list address, subject_match, web_url, scm_url,
-- webscm_url, list_archive_url, list_archive_url_format, commit_url_format, use_tags (t or f).
-- -> id
insert into patchwork_project
    (linkname, name, listid, listemail, subject_match, web_url, scm_url, webscm_url,
    list_archive_url, list_archive_url_format, commit_url_format, send_notifications,
    use_tags, show_dependencies)
values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text,
    $9::text, $10::text, $11::text, false, $12::bool, true)
returning id
