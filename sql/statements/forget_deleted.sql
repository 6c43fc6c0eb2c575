-- Patchwork's pages can delete a patch or cover; what we know of it is wrong then. Its
-- row becomes that of an ignored mail, so that threads still lead through it.
-- $1 text[]: ids of a mail that could not be stored and of what it refers to.
update patchmail.message m
set kind = 'i', anchor = null, patch_id = null, cover_id = null, series_id = null,
    slot = null, comment_id = null
where m.cluster_id in (
        select k.cluster_id from patchmail.message k where k.msgid = any ($1::text[]))
    and m.kind in ('p', 'c', 'r')
    and (m.patch_id is null
        or not exists (select from patchwork_patch p where p.id = m.patch_id))
    and (m.cover_id is null
        or not exists (select from patchwork_cover c where c.id = m.cover_id))
