-- GET /project/P/patch/ID/raw/: the diff. Parameters of all serve_*: sql/README.md. -> body, filename
select convert_to(coalesce(p.diff, ''), 'UTF8') as body,
    btrim(regexp_replace(p.name, '[^-_A-Za-z0-9\.]+', '-', 'g'), '-') || '.diff' as filename
from patchwork_patch p
join patchwork_project r on r.id = p.project_id
where p.msgid = '<' || replace($6::text, '%2F', '/') || '>' and r.linkname = $5::text
