-- Mails that Patchwork's own parser stored and of which we know nothing yet, with
-- all mails of their series; submissions that we know come without headers, and only to
-- tell whose company they are in. $1 text[] ids, $2 int4[] projects.
-- -> kind (p, c, r), msgid, project, patch, cover, comment, series, number, submitter,
--    date as naive microseconds, headers, name, content of covers, anchor
with asked as materialized (
    select u.msgid, u.project_id
    from unnest($1::text[], $2::int4[]) as u (msgid, project_id)
), hit_patches as materialized (
    select p.id, p.series_id
    from asked a
    join patchwork_patch p on p.msgid = a.msgid and p.project_id + 0 = a.project_id
), hit_covers as materialized (
    select c.id, s.id as series_id
    from asked a
    join patchwork_cover c on c.msgid = a.msgid and c.project_id + 0 = a.project_id
    left join patchwork_series s on s.cover_letter_id = c.id
), hit_patch_comments as materialized (
    select k.id, k.patch_id, p.series_id
    from asked a
    join patchwork_patchcomment k on k.msgid = a.msgid
    join patchwork_patch p on p.id = k.patch_id and p.project_id + 0 = a.project_id
), hit_cover_comments as materialized (
    select k.id, k.cover_id, s.id as series_id
    from asked a
    join patchwork_covercomment k on k.msgid = a.msgid
    join patchwork_cover c on c.id = k.cover_id and c.project_id + 0 = a.project_id
    left join patchwork_series s on s.cover_letter_id = c.id
), hit_series as materialized (
    select series_id as id from hit_patches
    union select series_id from hit_covers
    union select series_id from hit_patch_comments
    union select series_id from hit_cover_comments
), all_patches as materialized (
    select id from hit_patches
    union select patch_id from hit_patch_comments
    union select p.id from hit_series h join patchwork_patch p on p.series_id = h.id
), all_covers as materialized (
    select id from hit_covers
    union select cover_id from hit_cover_comments
    union select s.cover_letter_id from hit_series h join patchwork_series s on s.id = h.id
)
select
    'p', p.msgid, p.project_id, p.id, null::int4, null::int4, p.series_id, p.number::int4,
    p.submitter_id,
    (extract(epoch from p.date at time zone current_setting('TimeZone')) * 1000000)::int8,
    case when not exists (
        select from patchmail.message m
        where m.msgid = p.msgid and m.project_id + 0 = p.project_id and m.kind <> 'g')
    then p.headers end,
    p.name, null::text, null::text
from all_patches a
join patchwork_patch p on p.id = a.id
union all
select
    'c', c.msgid, c.project_id, null, c.id, null, s.id, 0, c.submitter_id,
    (extract(epoch from c.date at time zone current_setting('TimeZone')) * 1000000)::int8,
    case when not exists (
        select from patchmail.message m
        where m.msgid = c.msgid and m.project_id + 0 = c.project_id and m.kind <> 'g')
    then c.headers end,
    c.name, c.content, null
from all_covers a
join patchwork_cover c on c.id = a.id
left join patchwork_series s on s.cover_letter_id = c.id
union all
select
    'r', k.msgid, p.project_id, k.patch_id, null, k.id, null, null, k.submitter_id,
    (extract(epoch from k.date at time zone current_setting('TimeZone')) * 1000000)::int8,
    k.headers, null, null, p.msgid
from hit_patch_comments h
join patchwork_patchcomment k on k.id = h.id
join patchwork_patch p on p.id = k.patch_id
union all
select
    'r', k.msgid, c.project_id, null, k.cover_id, k.id, null, null, k.submitter_id,
    (extract(epoch from k.date at time zone current_setting('TimeZone')) * 1000000)::int8,
    k.headers, null, null, c.msgid
from hit_cover_comments h
join patchwork_covercomment k on k.id = h.id
join patchwork_cover c on c.id = k.cover_id
