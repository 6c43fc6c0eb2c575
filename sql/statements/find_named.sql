-- What words name: a series by its id, or by the Message-ID of a mail that is in it.
-- $1 text[] words, $2 bool[] whether an id is that of a patch, $3 text linkname or null.
-- -> ordinal from 1, series, project, linkname, msgid or null, whether it is a cover
with asked as materialized (
    select u.word, u.is_patch, u.ord,
        case when u.word ~ '^[0-9]{1,9}$' then u.word::int4 end as id
    from unnest($1::text[], $2::bool[]) with ordinality as u (word, is_patch, ord)
), named as (
    select a.ord, s.id, s.project_id, null as msgid, false as is_cover
    from asked a
    join patchwork_series s on s.id = a.id and not a.is_patch
    union all
    select a.ord, p.series_id, p.project_id, p.msgid, false
    from asked a
    join patchwork_patch p on p.id = a.id and a.is_patch
    union all
    select a.ord, p.series_id, p.project_id, p.msgid, false
    from asked a
    join patchwork_patch p on p.msgid = a.word
    union all
    select a.ord, s.id, s.project_id, c.msgid, true
    from asked a
    join patchwork_cover c on c.msgid = a.word
    join patchwork_series s on s.cover_letter_id = c.id
)
select n.ord, n.id, n.project_id, j.linkname, n.msgid, n.is_cover
from named n
join patchwork_project j on j.id = n.project_id
where n.id is not null and ($3::text is null or j.linkname = $3::text)
order by n.ord, n.project_id
