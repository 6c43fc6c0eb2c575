-- Patchwork's pages can delete a patch, cover or comment; what we know of it is wrong then.
-- Its row becomes that of an ignored mail, so that threads still lead through it. So does
-- the row of a held reply that somebody removed.
-- $1 text[]: ids of a mail that could not be stored and of what it refers to.
update patchmail.message m
set kind = 'i', anchor = null, patch_id = null, cover_id = null, series_id = null,
    slot = null, comment_id = null
where m.cluster_id in (
        select k.cluster_id from patchmail.message k where k.msgid = any ($1::text[]))
    and case m.kind
        when 'h' then not exists (
            select from patchmail.orphan o
            where o.msgid = m.msgid and o.project_id = m.project_id)
        when 'r' then not exists (
                select from patchwork_patchcomment k
                where k.id = m.comment_id and k.patch_id = m.patch_id)
            and not exists (
                select from patchwork_covercomment k
                where k.id = m.comment_id and k.cover_id = m.cover_id)
        else m.patch_id is not null
                and not exists (select from patchwork_patch p where p.id = m.patch_id)
            or m.cover_id is not null
                and not exists (select from patchwork_cover c where c.id = m.cover_id)
    end
