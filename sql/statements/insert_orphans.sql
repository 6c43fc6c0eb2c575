-- $1 msgid, $2 project, $3 submitter, $4 date (naive), $5 headers, $6 content, $7 action required.
insert into patchmail.orphan
    (msgid, project_id, submitter_id, date, headers, content, action_required)
select
    unnest($1::text[]), unnest($2::int4[]), unnest($3::int4[]), unnest($4::timestamp[]),
    unnest($5::text[]), unnest($6::text[]), unnest($7::bool[])
