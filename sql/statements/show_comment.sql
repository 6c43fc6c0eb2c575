-- Comments for people. $1 text: id or Message-ID, with or without brackets; those on patches and
-- those on covers have ids of their own.
-- -> id, msgid, on, name, submitter, date, addressed, content
select x.id, x.msgid, x.kind, x.name, coalesce(u.name || ' ', '') || '<' || u.email || '>',
    to_char(x.date, 'YYYY-MM-DD HH24:MI:SS'), x.addressed, x.content
from (
    select k.id, k.msgid, 'patch' as kind, p.name, k.submitter_id, k.date, k.addressed, k.content
    from patchwork_patchcomment k
    join patchwork_patch p on p.id = k.patch_id
    where k.id = case when $1::text ~ '^[0-9]{1,9}$' then $1::int4 end
        or k.msgid in ($1::text, '<' || $1::text || '>')
    union all
    select k.id, k.msgid, 'cover', c.name, k.submitter_id, k.date, k.addressed, k.content
    from patchwork_covercomment k
    join patchwork_cover c on c.id = k.cover_id
    where k.id = case when $1::text ~ '^[0-9]{1,9}$' then $1::int4 end
        or k.msgid in ($1::text, '<' || $1::text || '>')
) x
join patchwork_person u on u.id = x.submitter_id
order by x.kind, x.id
