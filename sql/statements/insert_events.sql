-- Stores events, in order, and tells listeners at commit, once for each.
-- $1 category, $2 date (naive), $3 project, $4 series, $5 cover, $6 patch, $7 cover comment,
-- $8 patch comment, $9 text[] project's linkname, $10 text[] Message-ID: an array each.
with e as materialized (
    select
        nextval((select pg_get_serial_sequence('patchwork_event', 'id')::regclass)) as id, u.*
    from (
        select
            unnest($1::text[]) as category, unnest($2::timestamp[]) as date,
            unnest($3::int4[]) as project_id, unnest($4::int4[]) as series_id,
            unnest($5::int4[]) as cover_id, unnest($6::int4[]) as patch_id,
            unnest($7::int4[]) as cover_comment_id, unnest($8::int4[]) as patch_comment_id,
            unnest($9::text[]) as project, unnest($10::text[]) as msgid
    ) u
), stored as (
    insert into patchwork_event
        (id, category, date, project_id, series_id, cover_id, patch_id, cover_comment_id,
        patch_comment_id)
    select
        e.id, e.category, e.date, e.project_id, e.series_id, e.cover_id, e.patch_id,
        e.cover_comment_id, e.patch_comment_id
    from e
)
select pg_notify('patchmail', json_build_object(
    'category', e.category, 'project', e.project, 'id', e.id, 'msgid', e.msgid)::text)
from e
