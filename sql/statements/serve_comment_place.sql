-- GET /comment/ID/: where it is on its patch's or cover's page; ids of both kinds are apart, and a
-- patch's goes first. Parameters of all serve_*: sql/README.md. -> location
select x.location
from (
    select 1 as at, patchmail.api_mail_url(patchmail.api_site('', null, null), 'patch', r.linkname, m.msgid)
        || '#' || k.id as location
    from patchwork_patchcomment k
    join patchwork_patch m on m.id = k.patch_id
    join patchwork_project r on r.id = m.project_id
    where k.id = $5::text::int4
    union all
    select 2, patchmail.api_mail_url(patchmail.api_site('', null, null), 'cover', r.linkname, m.msgid)
        || '#' || k.id
    from patchwork_covercomment k
    join patchwork_cover m on m.id = k.cover_id
    join patchwork_project r on r.id = m.project_id
    where k.id = $5::text::int4
) x
order by x.at
limit 1
