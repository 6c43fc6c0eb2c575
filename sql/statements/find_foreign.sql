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
    cross join lateral (
        select q.id, q.series_id
        from patchwork_patch q
        where q.msgid >= a.msgid and q.msgid <= a.msgid and q.project_id + 0 = a.project_id
        order by q.msgid
    ) p
), hit_covers as materialized (
    select c.id
    from asked a
    cross join lateral (
        select q.id
        from patchwork_cover q
        where q.msgid >= a.msgid and q.msgid <= a.msgid and q.project_id + 0 = a.project_id
        order by q.msgid
    ) c
), hit_patch_comments as materialized (
    select k.id, k.patch_id, p.series_id
    from asked a
    cross join lateral (
        select q.id, q.patch_id
        from patchwork_patchcomment q
        where q.msgid >= a.msgid and q.msgid <= a.msgid
        order by q.msgid
    ) k
    cross join lateral (
        select q.series_id
        from patchwork_patch q
        where q.id >= k.patch_id and q.id <= k.patch_id and q.project_id + 0 = a.project_id
        order by q.id
    ) p
), hit_cover_comments as materialized (
    select k.id, k.cover_id
    from asked a
    cross join lateral (
        select q.id, q.cover_id
        from patchwork_covercomment q
        where q.msgid >= a.msgid and q.msgid <= a.msgid
        order by q.msgid
    ) k
    cross join lateral (
        select q.id
        from patchwork_cover q
        where q.id >= k.cover_id and q.id <= k.cover_id and q.project_id + 0 = a.project_id
        order by q.id
    ) c
), series_of_covers as materialized (
    select s.id
    from (select id from hit_covers union select cover_id from hit_cover_comments) h
    cross join lateral (
        select q.id
        from patchwork_series q
        where q.cover_letter_id >= h.id and q.cover_letter_id <= h.id
        order by q.cover_letter_id
    ) s
), hit_series as materialized (
    select series_id as id from hit_patches
    union select series_id from hit_patch_comments
    union select id from series_of_covers
), all_patches as materialized (
    select id from hit_patches
    union select patch_id from hit_patch_comments
    union select p.id
    from hit_series h
    cross join lateral (
        select q.id
        from patchwork_patch q
        where q.series_id >= h.id and q.series_id <= h.id
        order by q.series_id
    ) p
), all_covers as materialized (
    select id from hit_covers
    union select cover_id from hit_cover_comments
    union select s.cover_letter_id
    from hit_series h
    cross join lateral (
        select q.cover_letter_id
        from patchwork_series q
        where q.id >= h.id and q.id <= h.id
        order by q.id
    ) s
)
select
    'p', p.msgid, p.project_id, p.id, null::int4, null::int4, p.series_id, p.number::int4,
    p.submitter_id,
    (extract(epoch from p.date at time zone current_setting('TimeZone')) * 1000000)::int8,
    case when not exists (
        select from patchmail.message m
        where m.msgid >= p.msgid and m.msgid <= p.msgid and m.project_id + 0 = p.project_id
            and m.kind <> 'g')
    then p.headers end,
    p.name, null::text, null::text
from all_patches a
cross join lateral (
    select *
    from patchwork_patch q
    where q.id >= a.id and q.id <= a.id
    order by q.id
) p
union all
select
    'c', c.msgid, c.project_id, null, c.id, null, s.id, 0, c.submitter_id,
    (extract(epoch from c.date at time zone current_setting('TimeZone')) * 1000000)::int8,
    case when not exists (
        select from patchmail.message m
        where m.msgid >= c.msgid and m.msgid <= c.msgid and m.project_id + 0 = c.project_id
            and m.kind <> 'g')
    then c.headers end,
    c.name, c.content, null
from all_covers a
cross join lateral (
    select *
    from patchwork_cover q
    where q.id >= a.id and q.id <= a.id
    order by q.id
) c
left join lateral (
    select q.id
    from patchwork_series q
    where q.cover_letter_id >= c.id and q.cover_letter_id <= c.id
    order by q.cover_letter_id
) s on true
union all
select
    'r', k.msgid, p.project_id, k.patch_id, null, k.id, null, null, k.submitter_id,
    (extract(epoch from k.date at time zone current_setting('TimeZone')) * 1000000)::int8,
    k.headers, null, null, p.msgid
from hit_patch_comments h
cross join lateral (
    select *
    from patchwork_patchcomment q
    where q.id >= h.id and q.id <= h.id
    order by q.id
) k
cross join lateral (
    select q.project_id, q.msgid
    from patchwork_patch q
    where q.id >= k.patch_id and q.id <= k.patch_id
    order by q.id
) p
union all
select
    'r', k.msgid, c.project_id, null, k.cover_id, k.id, null, null, k.submitter_id,
    (extract(epoch from k.date at time zone current_setting('TimeZone')) * 1000000)::int8,
    k.headers, null, null, c.msgid
from hit_cover_comments h
cross join lateral (
    select *
    from patchwork_covercomment q
    where q.id >= h.id and q.id <= h.id
    order by q.id
) k
cross join lateral (
    select q.project_id, q.msgid
    from patchwork_cover q
    where q.id >= k.cover_id and q.id <= k.cover_id
    order by q.id
) c
