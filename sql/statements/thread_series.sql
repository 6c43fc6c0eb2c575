-- The series of these mails. $1 text: ids as an array. At most 20 missing numbers are named.
-- -> id, version, total, patches there, missing numbers, replaced series, its version
select
    s.id, s.version, s.total, (select count(*) from patchwork_patch p where p.series_id = s.id),
    (select string_agg(g.n::text, ' ' order by g.n)
    from (
        select n
        from generate_series(1, least(s.total, 1000)) n
        where not exists (select from patchwork_patch p where p.series_id = s.id and p.number = n)
        limit 20
    ) g),
    v.supersedes_id, o.version
from patchwork_series s
left join patchmail.series_revision v on v.series_id = s.id
left join patchwork_series o on o.id = v.supersedes_id
where s.id = any ($1::int4[])
