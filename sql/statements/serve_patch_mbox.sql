-- GET /project/P/patch/ID/mbox/, with the tags of its comments; ?series=* or its series' id: below
-- the earlier ones of the series. Parameters of all serve_*: sql/README.md. -> body, filename
select patchmail.patch_mbox(p.id, true, s.series is not null) as body,
    btrim(regexp_replace(p.name, '[^-_A-Za-z0-9\.]+', '-', 'g'), '-') || '.patch' as filename
from patchwork_patch p
join patchwork_project r on r.id = p.project_id
cross join (select patchmail.api_value($3::text::jsonb, 'series') as series) s
where p.msgid = '<' || replace($6::text, '%2F', '/') || '>' and r.linkname = $5::text
    and (s.series is null or s.series = '*' or s.series = p.series_id::text)
