-- Events get their ids, and dates behind the newest one's, at the end of a batch, under
-- lock_events; listeners are told at commit, once for each.
-- $1 category, $2 project, $3 series, $4 cover, $5 patch, $6 cover comment,
-- $7 patch comment, $8 linkname of the project, $9 msgid: an array each.
-- unnest() in the list of columns: as a table each of the nine would be stored and read again.
with base as materialized (
    select greatest(clock_timestamp(),
        (select e.date from patchwork_event e order by e.id desc limit 1) + interval '1 microsecond') as date
), numbered as materialized (
    select
        nextval((select pg_get_serial_sequence('patchwork_event', 'id')::regclass)) as id,
        (select b.date from base b) + u.ord * interval '1 microsecond' as date,
        u.category, u.project_id, u.series_id, u.cover_id, u.patch_id, u.cover_comment_id,
        u.patch_comment_id, u.project, u.msgid
    from (
        select
            generate_series(0, cardinality($1::text[]) - 1) as ord, unnest($1::text[]) as category,
            unnest($2::int4[]) as project_id, unnest($3::int4[]) as series_id,
            unnest($4::int4[]) as cover_id, unnest($5::int4[]) as patch_id,
            unnest($6::int4[]) as cover_comment_id, unnest($7::int4[]) as patch_comment_id,
            unnest($8::text[]) as project, unnest($9::text[]) as msgid
    ) u
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
