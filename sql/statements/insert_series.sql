-- $1 id, $2 name, $3 date (naive), $4 version, $5 total, $6 project, $7 submitter, $8 cover.
insert into patchwork_series
    (id, name, date, version, total, project_id, submitter_id, cover_letter_id)
select
    unnest($1::int4[]), unnest($2::text[]), unnest($3::timestamp[]), unnest($4::int4[]),
    unnest($5::int4[]), unnest($6::int4[]), unnest($7::int4[]), unnest($8::int4[])
