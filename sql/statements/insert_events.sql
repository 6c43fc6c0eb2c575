-- Events get their ids, and dates behind the newest one's, at the end of a batch, under
-- lock_events; listeners are told at commit, once for each.
-- $1 category, $2 project, $3 series, $4 cover, $5 patch, $6 cover comment,
-- $7 patch comment, $8 linkname of the project, $9 msgid.
with base as materialized (
    select greatest(clock_timestamp(),
        (select e.date from patchwork_event e order by e.id desc limit 1) + interval '1 microsecond') as date
), numbered as materialized (
    select nextval(q.id) as id, b.date + (u.ord - 1) * interval '1 microsecond' as date,
        u.category, u.project_id, u.series_id, u.cover_id, u.patch_id, u.cover_comment_id,
        u.patch_comment_id, u.project, u.msgid
    from unnest($1::text[], $2::int4[], $3::int4[], $4::int4[], $5::int4[], $6::int4[],
        $7::int4[], $8::text[], $9::text[]) with ordinality
        as u (category, project_id, series_id, cover_id, patch_id, cover_comment_id,
            patch_comment_id, project, msgid, ord)
    cross join (select pg_get_serial_sequence('patchwork_event', 'id')::regclass as id offset 0) q
    cross join base b
), written as (
    insert into patchwork_event
        (id, category, date, project_id, series_id, cover_id, patch_id, cover_comment_id,
        patch_comment_id)
    select n.id, n.category, n.date, n.project_id, n.series_id, n.cover_id, n.patch_id,
        n.cover_comment_id, n.patch_comment_id
    from numbered n
)
select pg_notify('patchmail', json_build_object(
    'category', n.category, 'project', n.project, 'id', n.id, 'msgid', n.msgid)::text)
from numbered n
