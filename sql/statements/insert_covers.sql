-- $1 id, $2 msgid, $3 date (naive), $4 headers, $5 content, $6 name, $7 project, $8 submitter.
insert into patchwork_cover
    (id, msgid, date, headers, content, name, project_id, submitter_id)
select
    unnest($1::int4[]), unnest($2::text[]), unnest($3::timestamp[]), unnest($4::text[]),
    unnest($5::text[]), unnest($6::text[]), unnest($7::int4[]), unnest($8::int4[])
