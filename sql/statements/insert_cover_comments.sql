-- $1 id, $2 msgid, $3 date (naive), $4 headers, $5 content, $6 cover, $7 submitter, $8 addressed.
insert into patchwork_covercomment
    (id, msgid, date, headers, content, cover_id, submitter_id, addressed)
select
    unnest($1::int4[]), unnest($2::text[]), unnest($3::timestamp[]), unnest($4::text[]),
    unnest($5::text[]), unnest($6::int4[]), unnest($7::int4[]), unnest($8::bool[])
