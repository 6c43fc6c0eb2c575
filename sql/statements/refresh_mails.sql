-- What the rows of these mails would hold if they were stored now; where it is something else, it
-- is written. What people set is not among it, nor who sent a mail, nor its series. A mail that
-- would be of another kind now is only told of.
-- $1 text[] msgid, $2 int4[] project, each pair once; $3 text[] patch, cover, comment or what it
-- is else, $4 timestamp[] date or null, $5 text[] headers, $6 text[] content, $7 text[] name,
-- $8 text[] diff, $9 text[] hash, $10 text[] pull_url, $11 text[] tags as "tag:count" words,
-- $12 bytea[] the mail where it has to be kept as it arrived.
-- -> kind, id, msgid, field, was, now
with mail as (
    select u.msgid, u.project_id, u.kind, u.date, u.headers, u.content, u.name, u.diff, u.hash,
        u.pull_url, u.tags, u.raw
    from unnest($1::text[], $2::int4[], $3::text[], $4::timestamp[], $5::text[], $6::text[],
        $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::bytea[])
        as u (msgid, project_id, kind, date, headers, content, name, diff, hash, pull_url, tags, raw)
),
stored as (
    select 'patch' as is_in, 'patch' as is_kind, p.id, p.id as patch_id, u.msgid, u.project_id,
        u.kind, coalesce(u.date, p.date::timestamp) as date, u.headers, u.content, u.name, u.diff,
        u.hash, u.pull_url, u.tags, u.raw, p.date::timestamp as was_date, p.headers as was_headers,
        p.content as was_content, p.name as was_name, p.diff as was_diff, p.hash as was_hash,
        p.pull_url as was_pull_url
    from mail u
    join patchwork_patch p on p.msgid = u.msgid and p.project_id = u.project_id
    union all
    select 'cover', 'cover', c.id, null, u.msgid, u.project_id, u.kind,
        coalesce(u.date, c.date::timestamp), u.headers, u.content, u.name, null, null, null, null,
        u.raw, c.date::timestamp, c.headers, c.content, c.name, null, null, null
    from mail u
    join patchwork_cover c on c.msgid = u.msgid and c.project_id = u.project_id
    union all
    select 'patch comment', 'comment', k.id, k.patch_id, u.msgid, u.project_id, u.kind,
        coalesce(u.date, k.date::timestamp), u.headers, u.content, null, null, null, null, u.tags,
        u.raw, k.date::timestamp, k.headers, k.content, null, null, null, null
    from mail u
    join patchwork_patchcomment k on k.msgid = u.msgid
    join patchwork_patch p on p.id = k.patch_id and p.project_id = u.project_id
    union all
    select 'cover comment', 'comment', k.id, null, u.msgid, u.project_id, u.kind,
        coalesce(u.date, k.date::timestamp), u.headers, u.content, null, null, null, null, null,
        u.raw, k.date::timestamp, k.headers, k.content, null, null, null, null
    from mail u
    join patchwork_covercomment k on k.msgid = u.msgid
    join patchwork_cover c on c.id = k.cover_id and c.project_id = u.project_id
),
difference as (
    select s.is_in, s.id, s.msgid, s.project_id, f.field, f.was, f.now, f.at
    from stored s
    left join patchmail.message m on m.msgid = s.msgid and m.project_id = s.project_id
    left join patchmail.raw w on w.msgid = s.msgid and w.project_id = s.project_id
    cross join lateral (values
        (1, 'kind', s.is_kind, s.kind),
        (2, 'date', s.was_date::text, s.date::text),
        (3, 'name', s.was_name, s.name),
        (4, 'headers', s.was_headers, s.headers),
        (5, 'content', s.was_content, s.content),
        (6, 'diff', s.was_diff, s.diff),
        (7, 'hash', s.was_hash, s.hash),
        (8, 'pull_url', s.was_pull_url, s.pull_url),
        -- Whose tags somebody else counted, nobody knows which are of which mail.
        (9, 'tags', m.tags, case when m.msgid is null or m.is_foreign or s.is_in like 'cover%'
            then m.tags else s.tags end),
        (10, 'raw', case when w.msgid is not null then 'kept' end,
            case when w.msgid is not null or s.raw is not null then 'kept' end)
    ) f (at, field, was, now)
    where f.was is distinct from f.now and (f.field = 'kind' or s.kind = s.is_kind)
),
changed as (
    select s.*, d.fields
    from stored s
    join (
        select d.is_in, d.id, array_agg(d.field) as fields
        from difference d
        group by d.is_in, d.id
    ) d using (is_in, id)
    where s.kind = s.is_kind
),
patches as (
    update patchwork_patch p
    set date = c.date, headers = c.headers, content = c.content, name = c.name, diff = c.diff,
        hash = c.hash, pull_url = c.pull_url
    from changed c
    where c.is_in = 'patch' and p.id = c.id
),
covers as (
    update patchwork_cover p
    set date = c.date, headers = c.headers, content = c.content, name = c.name
    from changed c
    where c.is_in = 'cover' and p.id = c.id
),
patch_comments as (
    update patchwork_patchcomment p
    set date = c.date, headers = c.headers, content = c.content
    from changed c
    where c.is_in = 'patch comment' and p.id = c.id
),
cover_comments as (
    update patchwork_covercomment p
    set date = c.date, headers = c.headers, content = c.content
    from changed c
    where c.is_in = 'cover comment' and p.id = c.id
),
tags as (
    update patchmail.message m
    set tags = c.tags
    from changed c
    where 'tags' = any (c.fields) and m.msgid = c.msgid and m.project_id = c.project_id
),
counts as (
    select w.patch_id, w.tag_id, sum(w.count)::int4 as count
    from (
        select c.patch_id, split_part(t.word, ':', 1)::int4 as tag_id,
            split_part(t.word, ':', 2)::int4 * t.sign as count
        from changed c
        join difference d on d.is_in = c.is_in and d.id = c.id and d.field = 'tags'
        cross join lateral (
            select word, 1 as sign from regexp_split_to_table(d.now, ' +') as n (word)
            union all
            select word, -1 from regexp_split_to_table(d.was, ' +') as n (word)
        ) t
        where t.word <> '' and c.patch_id is not null
    ) w
    group by w.patch_id, w.tag_id
    having sum(w.count) <> 0
),
dropped as (
    delete from patchwork_patchtag t
    using counts n
    where t.patch_id = n.patch_id and t.tag_id = n.tag_id and t.count + n.count <= 0
),
counted as (
    insert into patchwork_patchtag as t (patch_id, tag_id, count)
    select n.patch_id, n.tag_id, n.count
    from counts n
    left join patchwork_patchtag o on o.patch_id = n.patch_id and o.tag_id = n.tag_id
    where coalesce(o.count, 0) + n.count > 0
    on conflict (patch_id, tag_id) do update set count = t.count + excluded.count
),
kept as (
    insert into patchmail.raw (msgid, project_id, bytes)
    select c.msgid, c.project_id, c.raw
    from changed c
    where 'raw' = any (c.fields)
    on conflict do nothing
)
select d.is_in, d.id, d.msgid, d.field, d.was, d.now
from difference d
order by d.project_id, d.msgid, d.is_in, d.id, d.at
