-- Tells listeners at commit, once for each event.
-- $1 int4[] event id, $2 text[] category, $3 text[] project linkname, $4 text[] msgid.
select pg_notify('patchmail', json_build_object(
    'category', u.category, 'project', u.project, 'id', u.id, 'msgid', u.msgid)::text)
from unnest($1::int4[], $2::text[], $3::text[], $4::text[]) as u (id, category, project, msgid)
