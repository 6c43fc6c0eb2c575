-- The newest series. $1 text: how many. $2 text: project linkname or null.
-- -> id, date, project, version, total, received, cover, name, submitter
select
    s.id, to_char(s.date, 'YYYY-MM-DD'), r.linkname, s.version, s.total,
    (select count(*) from patchwork_patch p where p.series_id = s.id),
    s.cover_letter_id is not null, s.name, coalesce(nullif(u.name, ''), u.email)
from patchwork_series s
left join patchwork_project r on r.id = s.project_id
join patchwork_person u on u.id = s.submitter_id
where $2::text is null or r.linkname = $2::text
order by s.date desc, s.id desc
limit $1::int4
