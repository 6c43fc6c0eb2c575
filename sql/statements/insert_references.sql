-- Ids that lead to a series, unless another series has them already.
-- $1 int4[] project, $2 text[] msgid, $3 int4[] series.
insert into patchwork_seriesreference (project_id, msgid, series_id)
select unnest($1::int4[]), unnest($2::text[]), unnest($3::int4[])
on conflict (project_id, msgid) do nothing
