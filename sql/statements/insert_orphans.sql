-- $1 msgid, $2 project, $3 address and $4 name of the author, $5 date (naive), $6 headers,
-- $7 content, $8 action required.
insert into patchmail.orphan
    (msgid, project_id, email, name, date, headers, content, action_required)
select
    unnest($1::text[]), unnest($2::int4[]), unnest($3::text[]), unnest($4::text[]),
    unnest($5::timestamp[]), unnest($6::text[]), unnest($7::text[]), unnest($8::bool[])
