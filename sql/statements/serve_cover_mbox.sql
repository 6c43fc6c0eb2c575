-- GET /project/P/cover/ID/mbox/. Parameters of all serve_*: sql/README.md. -> body, filename
select patchmail.cover_mbox(c.id, true) as body,
    btrim(regexp_replace(c.name, '[^-_A-Za-z0-9\.]+', '-', 'g'), '-') || '.mbox' as filename
from patchwork_cover c
join patchwork_project r on r.id = c.project_id
where c.msgid = '<' || replace($6::text, '%2F', '/') || '>' and r.linkname = $5::text
