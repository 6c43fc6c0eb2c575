-- Links from or to series that are given up or that have no such link any more.
-- $1 int4[] series whose own link goes, $2 int4[] series that are given up.
delete from patchmail.series_revision r
where r.series_id = any ($1::int4[]) or r.supersedes_id = any ($2::int4[])
