-- SPDX-License-Identifier: GPL-2.0-or-later
-- Fills a database that patchmail init made, with one project and no mail, with as many patches
-- as wanted, set by set: what years of a mailing list leave behind. For psql, by a superuser:
--
--   patches    how many; series take 1, 2, 3, 5 and 14 by turns, every other one has a cover
--   people     how many wrote them, besides the one who follows
--   heavy      so many of the patches are by one person, spread over all the time
--   headers, content, diff    bytes of each, of text that compresses as mail does
--
-- Message-IDs are random, and so is where they go in the indexes, as with real ones. Without
-- foreign key checks (what is made here holds), and with the indexes made afterwards.
\set ON_ERROR_STOP on
set client_min_messages = warning;
set session_replication_role = replica;
set default_toast_compression = lz4;
set maintenance_work_mem = '256MB';
set work_mem = '128MB';
set timezone = 'UTC';

create function pg_temp.msgid(what text, id int) returns text
language sql immutable parallel safe
as $$ select '<' || md5(what || id) || '@filled.example.org>' $$;

-- Text of so many bytes: half of it says something new.
create function pg_temp.filler(seed text, bytes int) returns text
language sql immutable parallel safe
as $$ select left(string_agg(md5(seed || i) || E' and what was said before,\n', ''), bytes)
    from generate_series(1, bytes / 60 + 1) i $$;

-- Headers of so many bytes, as mails have them.
create function pg_temp.headers(seed text, bytes int) returns text
language sql immutable parallel safe
as $$ select left(string_agg(case when i % 4 = 0
        then E'Received: from mail.example.org (mail.example.org [10.0.0.1])\n\tby lists.example.org with ESMTP id '
            || left(md5(seed || i), 9) || E';\n\tMon, 5 Jan 2026 10:00:00 +0000'
        else 'X-Filled-' || i || ': ' || md5(seed || i) || ' and what was said before' end, E'\n'), bytes)
    from generate_series(1, bytes / 80 + 1) i $$;

create temporary table made_index as
select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
from pg_index i
join pg_class c on c.oid = i.indrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'patchmail')
    and (c.relname like 'patchwork%' or n.nspname = 'patchmail')
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid);

do $$
declare
    item record;
begin
    for item in select i.name from made_index i loop
        execute 'drop index ' || item.name;
    end loop;
end
$$;

insert into patchwork_person (email, name)
select 'person' || i || '@filled.example.org', 'Person ' || i
from generate_series(0, :people) i;

-- One row a series. It ends with patch last; person 0 is the heavy one.
create temporary table made_series as
select
    s as id, x.total, x.last, s % 2 = 0 as has_cover, 1 + (s % 4 = 3)::int as version,
    timestamp '2010-01-01' + (s * (15 * 365 * 86400.0 / (:patches / 5 + 1))) * interval '1 second' as date,
    p.id as submitter_id
from generate_series(1, :patches / 5 + 1) s
cross join lateral (
    select
        (array[1, 2, 3, 5, 14])[1 + (s - 1) % 5] as total,
        ((s - 1) / 5) * 25 + (array[1, 3, 6, 11, 25])[1 + (s - 1) % 5] as last
) x
cross join lateral (
    select case when (s * 997) % (:patches / 5 + 1) < :heavy / 5 then 0
        else 1 + (hashint4(s) & 65535) % :people end as ordinal
) w
join patchwork_person p on p.email = 'person' || w.ordinal || '@filled.example.org';

-- One row a patch, and its first comment and perhaps a second: 3 for two patches.
create temporary table made_patch as
select
    s.last - s.total + n as id, n as number, s.id as series_id, s.total, s.version,
    s.date + n * interval '1 second' as date, s.submitter_id, s.has_cover,
    pg_temp.msgid('patch', s.last - s.total + n) as msgid,
    case when s.has_cover then pg_temp.msgid('cover', s.id)
        when n > 1 then pg_temp.msgid('patch', s.last - s.total + 1) end as parent
from made_series s
cross join lateral generate_series(1, s.total) n;

create temporary table made_comment as
select
    row_number() over (order by p.id, c.n)::int as id, p.id as patch_id, p.msgid as parent,
    p.series_id, p.date + c.n * interval '1 hour' as date, q.id as submitter_id,
    pg_temp.msgid('comment', p.id * 2 + c.n) as msgid
from made_patch p
cross join lateral generate_series(1, 1 + p.id % 2) as c (n)
join patchwork_person q
    on q.email = 'person' || (1 + (hashint4(p.id + c.n) & 65535) % :people) || '@filled.example.org';

analyze made_series, made_patch, made_comment;

insert into patchwork_cover (id, msgid, date, headers, content, name, project_id, submitter_id)
select
    s.id, pg_temp.msgid('cover', s.id), s.date, pg_temp.headers('ch' || s.id, :headers),
    pg_temp.filler('cc' || s.id, :content), '[0/' || s.total || '] filled: series ' || s.id,
    j.id, s.submitter_id
from made_series s, patchwork_project j
where s.has_cover;

insert into patchwork_series
    (id, name, date, version, total, project_id, submitter_id, cover_letter_id)
select
    s.id, 'filled: series ' || s.id, s.date, s.version, s.total, j.id, s.submitter_id,
    case when s.has_cover then s.id end
from made_series s, patchwork_project j;

insert into patchwork_patch
    (id, msgid, date, headers, content, name, project_id, submitter_id, archived, diff, hash,
    number, series_id, state_id)
select
    p.id, p.msgid, p.date, pg_temp.headers('ph' || p.id, :headers),
    pg_temp.filler('pc' || p.id, :content),
    '[' || p.number || '/' || p.total || '] filled: patch ' || p.id, j.id, p.submitter_id, false,
    pg_temp.filler('pd' || p.id, :diff), md5('hash' || p.id) || 'deadbeef', p.number, p.series_id,
    case when p.id % 4 = 0 then 1 else 3 end
from made_patch p, patchwork_project j;

insert into patchwork_patchcomment (id, msgid, date, headers, content, patch_id, submitter_id)
select
    c.id, c.msgid, c.date, pg_temp.headers('rh' || c.id, :headers),
    pg_temp.filler('rc' || c.id, :content), c.patch_id, c.submitter_id
from made_comment c;

-- One on each cover.
insert into patchwork_covercomment (id, msgid, date, headers, content, cover_id, submitter_id)
select
    s.id, pg_temp.msgid('reply', s.id), s.date + interval '1 day',
    pg_temp.headers('kh' || s.id, :headers), pg_temp.filler('kc' || s.id, :content), s.id,
    s.submitter_id
from made_series s
where s.has_cover;

insert into patchwork_seriesreference (msgid, project_id, series_id)
select r.msgid, j.id, r.series_id
from (
    select pg_temp.msgid('cover', s.id) as msgid, s.id as series_id
    from made_series s where s.has_cover
    union all
    select p.msgid, p.series_id from made_patch p where p.number = 1
) r, patchwork_project j;

insert into patchwork_series_dependencies (from_series_id, to_series_id)
select s.id, s.id - 7 from made_series s where s.id % 100 = 99;

insert into patchwork_patchtag (count, tag_id, patch_id)
select 1, 1 + p.id % 3, p.id from made_patch p where p.id % 3 <> 2;

insert into patchwork_event
    (category, date, project_id, series_id, cover_id, patch_id, cover_comment_id, patch_comment_id)
select e.category, e.date, j.id, e.series_id, e.cover_id, e.patch_id, e.cover_comment_id, e.patch_comment_id
from (
    select
        k.category, s.date, case when k.category like 'series%' then s.id end as series_id,
        case when k.category like 'cover%' then s.id end as cover_id, null::int as patch_id,
        case when k.category = 'cover-comment-created' then s.id end as cover_comment_id,
        null::int as patch_comment_id
    from made_series s
    join (values ('series-created'), ('series-completed'), ('cover-created'),
        ('cover-comment-created')) as k (category)
        on k.category like 'series%' or s.has_cover
    union all
    select
        k.category, p.date, case when k.category = 'patch-completed' then p.series_id end, null, p.id,
        null, null
    from made_patch p, (values ('patch-created'), ('patch-completed')) as k (category)
    union all
    select 'patch-comment-created', c.date, null, null, c.patch_id, null, c.id from made_comment c
) e, patchwork_project j;

-- A thread and a cluster each series; patchmail's own ids begin above those of the series.
insert into patchmail.message
    (msgid, project_id, kind, thread_id, cluster_id, refs, anchor, patch_id, cover_id, series_id,
    slot, comment_id, tags, sent, submitter_id, version, number, fraction, total, prefixes, name,
    title_at, run, shortlog)
select
    p.msgid, j.id, 'p', p.series_id, p.series_id, p.parent, p.parent, p.id, null::int, p.series_id,
    p.number, null::int, case when p.id % 3 <> 2 then (1 + p.id % 3) || ':1' end,
    extract(epoch from p.date)::int8, p.submitter_id, p.version, p.number, 0, p.total, '',
    '[' || p.number || '/' || p.total || '] filled: patch ' || p.id, 6, 'run.' || p.series_id, null
from made_patch p, patchwork_project j
union all
select
    pg_temp.msgid('cover', s.id), j.id, 'c', s.id, s.id, null, null, null, s.id, s.id,
    null, null, null, extract(epoch from s.date)::int8, s.submitter_id, s.version, 0, 0, s.total, '',
    '[0/' || s.total || '] filled: series ' || s.id, 6, 'run.' || s.id, 'filled: patch 1'
from made_series s, patchwork_project j
where s.has_cover
union all
select
    c.msgid, j.id, 'r', c.series_id, c.series_id, c.parent, c.parent, c.patch_id, null, null, null,
    c.id, null, null, null, null, null, null, null, null, null, null, null, null
from made_comment c, patchwork_project j
union all
select
    pg_temp.msgid('reply', s.id), j.id, 'r', s.id, s.id, pg_temp.msgid('cover', s.id),
    pg_temp.msgid('cover', s.id), null, s.id, null, null, s.id, null, null, null, null, null, null,
    null, null, null, null, null, null
from made_series s, patchwork_project j
where s.has_cover
union all
select
    pg_temp.msgid('ghost', s.id), j.id, 'g', s.id, s.id, null, null, null, null, null, null, null,
    null, null, null, null, null, null, null, null, null, null, null, null
from made_series s, patchwork_project j
where s.id % 20 = 0;

insert into patchmail.series_revision (series_id, supersedes_id, reason)
select s.id, s.id - 2, 'later version in the same thread' from made_series s where s.id % 4 = 3 and s.id > 2;

insert into patchmail.orphan
    (msgid, project_id, email, name, date, headers, content, action_required, held_at)
select
    pg_temp.msgid('held', s.id), j.id, 'person1@filled.example.org', null, s.date,
    pg_temp.headers('oh' || s.id, :headers), pg_temp.filler('oc' || s.id, :content), false, s.date
from made_series s, patchwork_project j
where s.id % 50 = 0;

insert into patchmail.raw (msgid, project_id, bytes)
select p.msgid, j.id, convert_to(pg_temp.filler('raw' || p.id, :content), 'UTF8')
from made_patch p, patchwork_project j
where p.id % 100 = 0;

insert into patchmail.quarantine (project_id, msgid, reason, digest, size, bytes)
select j.id, pg_temp.msgid('bad', s.id), 'filled', decode(md5('bad' || s.id), 'hex'), 100, '\x00'
from made_series s, patchwork_project j
where s.id % 500 = 0;

select setval(pg_get_serial_sequence('patchwork_patch', 'id'), max(id)) from patchwork_patch \g /dev/null
select setval(pg_get_serial_sequence('patchwork_cover', 'id'), max(id)) from patchwork_cover \g /dev/null
select setval(pg_get_serial_sequence('patchwork_series', 'id'), max(id)) from patchwork_series \g /dev/null
select setval(pg_get_serial_sequence('patchwork_patchcomment', 'id'), max(id))
from patchwork_patchcomment \g /dev/null
select setval(pg_get_serial_sequence('patchwork_covercomment', 'id'), max(id))
from patchwork_covercomment \g /dev/null
select setval('patchmail.thread_id_seq', max(cluster_id)) from patchmail.message \g /dev/null

do $$
declare
    item record;
begin
    for item in select i.definition from made_index i loop
        execute item.definition;
    end loop;
end
$$;
