-- The policy of projects that want it: a patch whose series was replaced gets the state
-- Superseded, one whose series is replaced no more the state it had. Never one whose state
-- somebody chose. By a series that is whole all patches are replaced, by another one, of the same
-- total, those of its numbers. Under lock_events, with Patchwork's event and notification.
-- $1 int4[]: series that changed, or whose links did.
with recursive older as (
    select u.id from unnest($1::int4[]) as u (id)
    union
    select r.supersedes_id from older o join patchmail.series_revision r
    on r.series_id >= o.id and r.series_id <= o.id
), newer as (
    select r.supersedes_id as id, r.series_id as by_id
    from older o
    join patchmail.series_revision r on r.supersedes_id >= o.id and r.supersedes_id <= o.id
    union
    select n.id, r.series_id from newer n join patchmail.series_revision r
    on r.supersedes_id >= n.by_id and r.supersedes_id <= n.by_id
), replacing as materialized (
    select n.id, s.total, s.total > 0 and s.total <= (
            select count(*) from patchwork_patch p
            where p.series_id >= s.id and p.series_id <= s.id and p.number between 1 and s.total) as is_whole,
        array(
            select p.number from patchwork_patch p
            where p.series_id >= s.id and p.series_id <= s.id) as numbers
    from newer n
    join patchwork_series s on s.id >= n.by_id and s.id <= n.by_id
    where n.by_id <> n.id
), states as materialized (
    select (select t.id from patchwork_state t order by t.ordering limit 1) as first_id,
        (select t.id from patchwork_state t where t.slug || '' = 'superseded') as superseded_id
), patches as materialized (
    select p.id, p.project_id, p.msgid, p.headers, p.state_id, k.state_id as was_id,
        coalesce(k.is_set, false) as is_set,
        exists (
            select from replacing r
            where r.id = s.id and (r.is_whole or r.total = s.total and p.number = any (r.numbers)))
        as is_replaced
    from older o
    join patchwork_series s on s.id >= o.id and s.id <= o.id
    join patchmail.project_policy y
        on y.project_id >= s.project_id and y.project_id <= s.project_id and y.supersede
    join patchwork_patch p on p.series_id >= s.id and p.series_id <= s.id
    left join patchmail.superseded k on k.patch_id >= p.id and k.patch_id <= p.id
), due as materialized (
    select p.id, p.project_id, p.msgid, p.state_id as from_id, p.is_replaced,
        case when p.is_replaced then t.superseded_id else p.was_id end as to_id
    from patches p
    cross join states t
    where p.is_replaced <> p.is_set and t.superseded_id is not null
        and case when p.is_replaced
            then p.state_id <> t.superseded_id
                and (p.state_id = t.first_id or p.headers ~* '(^|\n)x-patchwork-state:')
            else p.state_id = t.superseded_id end
        and not exists (
            select
            from (
                select e.category, e.actor_id
                from patchwork_event e
                where e.patch_id >= p.id and e.patch_id <= p.id
                order by e.patch_id) e
            where e.category = 'patch-state-changed' and e.actor_id is not null)
), changed as (
    update patchwork_patch p
    set state_id = d.to_id
    from due d
    where p.id >= d.id and p.id <= d.id and p.state_id + 0 = d.from_id
    returning p.id
), done as materialized (
    select d.id, d.project_id, d.msgid, d.from_id, d.to_id, d.is_replaced
    from changed c
    join due d on d.id = c.id
), remembered as (
    insert into patchmail.superseded (patch_id, state_id, is_set)
    select d.id, d.from_id, d.is_replaced from done d
    on conflict (patch_id) do update
    set is_set = excluded.is_set,
        state_id = case when excluded.is_set then excluded.state_id else superseded.state_id end
), silenced as (
    delete from patchwork_patchchangenotification n
    using done d
    where n.patch_id >= d.id and n.patch_id <= d.id and n.orig_state_id + 0 = d.to_id
), notified as (
    insert into patchwork_patchchangenotification (patch_id, last_modified, orig_state_id)
    select d.id, now(), d.from_id
    from done d
    join patchwork_project j
        on j.id >= d.project_id and j.id <= d.project_id and j.send_notifications
    where not exists (
        select from patchwork_patchchangenotification n
        where n.patch_id >= d.id and n.patch_id <= d.id and n.orig_state_id + 0 = d.to_id)
    on conflict (patch_id) do update set last_modified = excluded.last_modified
), base as materialized (
    select greatest(clock_timestamp(),
        (select e.date from patchwork_event e order by e.id desc limit 1) + interval '1 microsecond') as date
), numbered as materialized (
    select nextval(q.id) as id, b.date + (d.ord - 1) * interval '1 microsecond' as date,
        d.project_id, d.id as patch_id, d.from_id, d.to_id, d.msgid
    from (
        select o.id, o.project_id, o.msgid, o.from_id, o.to_id, row_number() over () as ord
        from done o) d
    cross join base b
    cross join (select pg_get_serial_sequence('patchwork_event', 'id')::regclass as id offset 0) q
), written as (
    insert into patchwork_event
        (id, category, date, project_id, patch_id, previous_state_id, current_state_id)
    select n.id, 'patch-state-changed', n.date, n.project_id, n.patch_id, n.from_id, n.to_id
    from numbered n
)
select pg_notify('patchmail', json_build_object('category', 'patch-state-changed',
    'project', j.linkname, 'id', n.id, 'msgid', n.msgid)::text)
from numbered n
join patchwork_project j on j.id >= n.project_id and j.id <= n.project_id
