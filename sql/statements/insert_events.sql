-- $1 id, $2 category, $3 date (naive), $4 project, $5 series, $6 cover, $7 patch,
-- $8 cover comment, $9 patch comment.
insert into patchwork_event
    (id, category, date, project_id, series_id, cover_id, patch_id, cover_comment_id,
    patch_comment_id)
select
    unnest($1::int4[]), unnest($2::text[]), unnest($3::timestamp[]), unnest($4::int4[]),
    unnest($5::int4[]), unnest($6::int4[]), unnest($7::int4[]), unnest($8::int4[]),
    unnest($9::int4[])
