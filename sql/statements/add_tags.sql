-- Tag counts grow (or shrink, when a comment moves away).
-- $1 int4[] patch, $2 int4[] tag, $3 int4[] by how many; each pair once.
insert into patchwork_patchtag as t (patch_id, tag_id, count)
select unnest($1::int4[]), unnest($2::int4[]), unnest($3::int4[])
on conflict (patch_id, tag_id) do update set count = t.count + excluded.count
