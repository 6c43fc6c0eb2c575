-- $1 int4[] series, $2 int4[] the one it replaces, $3 text[] why.
insert into patchmail.series_revision (series_id, supersedes_id, reason)
select unnest($1::int4[]), unnest($2::int4[]), unnest($3::text[])
on conflict (series_id) do update
set supersedes_id = excluded.supersedes_id, reason = excluded.reason
