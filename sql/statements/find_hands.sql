-- Those of these series on whose patches people have worked. $1 int4[]: series.
-- -> id
-- What a mail asked for (X-Patchwork-State, -Delegate), what rules delegate and what
-- supersede_patches.sql set is nobody's work.
select s.id
from unnest($1::int4[]) as s (id)
where exists (
    select
    from patchwork_patch p
    where p.series_id >= s.id and p.series_id <= s.id and (
        p.archived or p.commit_ref <> '' or p.related_id is not null
        or p.state_id <> (select t.id from patchwork_state t order by t.ordering limit 1)
            and p.headers !~* '(^|\n)x-patchwork-state:'
            and not exists (
                select from patchmail.superseded o
                where o.patch_id >= p.id and o.patch_id <= p.id and o.is_set)
        or p.delegate_id is not null
            and p.headers !~* '(^|\n)x-patchwork-delegate:'
            and not exists (
                select from patchwork_delegationrule r
                where r.project_id = p.project_id and r.user_id = p.delegate_id)
        or exists (select from patchwork_check k where k.patch_id >= p.id and k.patch_id <= p.id)
        or exists (select from patchwork_bundlepatch b where b.patch_id >= p.id and b.patch_id <= p.id)
        or exists (
            select from patchwork_event e
            where e.patch_id >= p.id and e.patch_id <= p.id and e.actor_id + 0 is not null)))
