-- The series rows that the submissions of these clusters are in.
-- $1 int8[]: clusters.
-- -> id, total, version, name, cover, submitter, date as naive microseconds, whether people
--    have worked on its patches, whether somebody decided what is in it
-- What a mail asked for (X-Patchwork-State, -Delegate), what rules delegate and what
-- supersede_patches.sql set is nobody's work.
with ids as materialized (
    select distinct m.series_id as id
    from unnest($1::int8[]) as u (id)
    cross join lateral (
        select c.series_id
        from patchmail.message c
        where c.cluster_id >= u.id and c.cluster_id <= u.id and c.kind in ('p', 'c')
        order by c.cluster_id
    ) m
)
select
    s.id, s.total, s.version, s.name, s.cover_letter_id, s.submitter_id,
    (extract(epoch from s.date at time zone current_setting('TimeZone')) * 1000000)::int8,
    exists (
        select
        from patchwork_patch p
        where p.series_id = s.id and (
            p.archived or p.commit_ref <> '' or p.related_id is not null
            or p.state_id <> (select t.id from patchwork_state t order by t.ordering limit 1)
                and p.headers !~* '(^|\n)x-patchwork-state:'
                and not exists (
                    select from patchmail.superseded o where o.patch_id = p.id and o.is_set)
            or p.delegate_id is not null
                and p.headers !~* '(^|\n)x-patchwork-delegate:'
                and not exists (
                    select from patchwork_delegationrule r
                    where r.project_id = p.project_id and r.user_id = p.delegate_id)
            or exists (select from patchwork_check k where k.patch_id = p.id)
            or exists (select from patchwork_bundlepatch b where b.patch_id = p.id)
            or exists (select from patchwork_event e where e.patch_id = p.id and e.actor_id is not null))),
    exists (select from patchmail.decided_series d where d.series_id = s.id)
from ids
join patchwork_series s on s.id = ids.id
