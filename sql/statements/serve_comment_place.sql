-- GET /comment/ID/: where it is on its patch's or cover's page; ids of both kinds are apart, and a
-- patch's goes first. Parameters of all serve_*: sql/README.md. -> location
select patchmail.api_mail_url(patchmail.api_site('', null, null), x.kind, r.linkname, x.msgid)
    || case when x.before >= 100 then '?page=' || x.before / 100 + 1 else '' end || '#' || x.id as location
from (
    select 1 as at, 'patch' as kind, m.msgid, m.project_id, k.id, (
        select count(*)
        from patchwork_patchcomment o
        where o.patch_id = k.patch_id and (o.date, o.id) < (k.date, k.id)) as before
    from patchwork_patchcomment k
    join patchwork_patch m on m.id = k.patch_id
    where k.id = $5::text::int4
    union all
    select 2, 'cover', m.msgid, m.project_id, k.id, (
        select count(*)
        from patchwork_covercomment o
        where o.cover_id = k.cover_id and (o.date, o.id) < (k.date, k.id))
    from patchwork_covercomment k
    join patchwork_cover m on m.id = k.cover_id
    where k.id = $5::text::int4
) x
join patchwork_project r on r.id = x.project_id
order by x.at
limit 1
