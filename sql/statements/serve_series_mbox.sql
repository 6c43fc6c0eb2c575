-- GET /series/ID/mbox/, a part of it: $7 behind so many patches, null at first. Parameters of all serve_*: sql/README.md.
-- -> body, filename, where to go on
select m.body, btrim(regexp_replace(coalesce(nullif(s.name, ''), 'series-' || s.id), '[^-_A-Za-z0-9\.]+', '-', 'g'), '-') || '.patch' as filename,
    m.next
from patchwork_series s
cross join lateral patchmail.mbox_part(array(
    select p.id from patchwork_patch p where p.series_id = s.id order by p.number, p.date, p.id), true,
    coalesce($7::text::int4, 0)) m
where s.id = $5::text::int4
