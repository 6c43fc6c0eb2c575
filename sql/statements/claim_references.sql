-- The own id of the mail that founds a series, or of its cover, leads to it, whoever
-- referred to it before.
-- $1 int4[] project, $2 text[] msgid, $3 int4[] series; each id once.
insert into patchwork_seriesreference (project_id, msgid, series_id)
select unnest($1::int4[]), unnest($2::text[]), unnest($3::int4[])
on conflict (project_id, msgid) do update set series_id = excluded.series_id
where patchwork_seriesreference.series_id <> excluded.series_id
