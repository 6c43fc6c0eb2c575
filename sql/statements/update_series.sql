-- $1 id, $2 name, $3 date (naive), $4 version, $5 total, $6 submitter, $7 cover.
update patchwork_series s
set name = u.name, date = u.date, version = u.version, total = u.total,
    submitter_id = u.submitter_id, cover_letter_id = u.cover_id
from unnest($1::int4[], $2::text[], $3::timestamp[], $4::int4[], $5::int4[],
    $6::int4[], $7::int4[]) as u (id, name, date, version, total, submitter_id, cover_id)
where s.id >= u.id and s.id <= u.id
