-- One column of patchmail.message an array, in the order of the list.
insert into patchmail.message
    (msgid, project_id, kind, is_foreign, thread_id, cluster_id, refs, anchor, patch_id,
    cover_id, series_id, slot, comment_id, tags, sent, submitter_id, version, version_text,
    number, fraction, total, prefixes, name, title_at, run, change_id, shortlog,
    title_key)
select
    unnest($1::text[]), unnest($2::int4[]), unnest($3::"char"[]), unnest($4::bool[]),
    unnest($5::int8[]), unnest($6::int8[]), unnest($7::text[]), unnest($8::text[]),
    unnest($9::int4[]), unnest($10::int4[]), unnest($11::int4[]), unnest($12::int4[]),
    unnest($13::int4[]), unnest($14::text[]), unnest($15::int8[]), unnest($16::int4[]),
    unnest($17::int4[]), unnest($18::text[]), unnest($19::int4[]), unnest($20::int4[]),
    unnest($21::int4[]), unnest($22::text[]), unnest($23::text[]), unnest($24::int4[]),
    unnest($25::text[]), unnest($26::text[]), unnest($27::text[]),
    unnest($28::int8[])
