-- $1 id, $2 msgid, $3 date (naive), $4 headers, $5 content, $6 name, $7 project,
-- $8 submitter, $9 delegate, $10 diff, $11 hash, $12 number, $13 pull_url,
-- $14 series, $15 state.
insert into patchwork_patch
    (id, msgid, date, headers, content, name, project_id, submitter_id, archived,
    commit_ref, delegate_id, diff, hash, number, pull_url, related_id, series_id, state_id)
select
    unnest($1::int4[]), unnest($2::text[]), unnest($3::timestamp[]), unnest($4::text[]),
    unnest($5::text[]), unnest($6::text[]), unnest($7::int4[]), unnest($8::int4[]), false,
    null, unnest($9::int4[]), unnest($10::text[]), unnest($11::text[]), unnest($12::int4[]),
    unnest($13::text[]), null, unnest($14::int4[]), unnest($15::int4[])
