-- Patchwork's pages can delete a patch, cover or comment; what we know of it is wrong then.
-- Its row becomes that of an ignored mail, so that threads still lead through it. So does
-- the row of a held reply that somebody removed.
-- $1 text[]: ids of a mail that could not be stored and of what it refers to.
with asked as materialized (
    select distinct k.cluster_id
    from unnest($1::text[]) as u (msgid)
    cross join lateral (
        select q.cluster_id
        from patchmail.message q
        where q.msgid >= u.msgid and q.msgid <= u.msgid
        order by q.msgid, q.project_id
    ) k
)
update patchmail.message m
set kind = 'i', anchor = null, patch_id = null, cover_id = null, series_id = null,
    slot = null, comment_id = null
from asked a
where m.cluster_id >= a.cluster_id and m.cluster_id <= a.cluster_id
    and case m.kind
        when 'h' then not exists (
            select from patchmail.orphan o
            where o.msgid >= m.msgid and o.msgid <= m.msgid and o.project_id = m.project_id)
        when 'r' then not exists (
                select from patchwork_patchcomment k
                where k.id >= m.comment_id and k.id <= m.comment_id
                    and k.patch_id + 0 = m.patch_id)
            and not exists (
                select from patchwork_covercomment k
                where k.id >= m.comment_id and k.id <= m.comment_id
                    and k.cover_id + 0 = m.cover_id)
        else m.patch_id is not null and not exists (
                select from patchwork_patch p
                where p.id >= m.patch_id and p.id <= m.patch_id)
            or m.cover_id is not null and not exists (
                select from patchwork_cover c
                where c.id >= m.cover_id and c.id <= m.cover_id)
    end
