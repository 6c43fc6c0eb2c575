-- GET /cover/ID/ and what is below it: where it is by Message-ID. Parameters of all serve_*: sql/README.md. -> location
select patchmail.api_mail_url(patchmail.api_site('', null, null), 'cover', r.linkname, m.msgid)
    || coalesce($6::text || '/', '') as location
from patchwork_cover m
join patchwork_project r on r.id = m.project_id
where m.id = $5::text::int4 and coalesce($6::text, 'mbox') in ('mbox', 'raw')
