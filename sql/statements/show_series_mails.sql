-- The mails of a series. $1 text: its id.
-- -> kind, id, number, name, state, comments, msgid
select x.kind, x.id, x.number, x.name, x.state, x.comments, x.msgid
from (
    select 'cover' as kind, c.id, 0 as number, c.name, '' as state, c.msgid,
        (select count(*) from patchwork_covercomment k where k.cover_id = c.id) as comments
    from patchwork_cover c
    join patchwork_series s on s.cover_letter_id = c.id
    where s.id = $1::int4
    union all
    select 'patch', p.id, p.number, p.name, coalesce(t.name, ''), p.msgid,
        (select count(*) from patchwork_patchcomment k where k.patch_id = p.id)
    from patchwork_patch p
    left join patchwork_state t on t.id = p.state_id
    where p.series_id = $1::int4
) x
order by x.number, x.id
