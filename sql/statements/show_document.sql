-- A document of Patchwork's REST API, on one line. $1 text: what; $2 text: id; $3 text: what links
-- begin with; $4 text: "cover" for a comment on one. -> document
select replace(case $1::text
    when 'patch' then patchmail.patch_json($2::int4, $3::text)
    when 'cover' then patchmail.cover_json($2::int4, $3::text)
    when 'series' then patchmail.series_json($2::int4, $3::text)
    when 'event' then patchmail.event_json($2::int4, $3::text)
    when 'person' then patchmail.person_json($2::int4, $3::text)
    when 'project' then patchmail.project_json($2::int4, $3::text)
    when 'comment' then patchmail.comment_json($2::int4, $3::text,
        on_cover => $4::text = 'cover')
    end::text, E'\n', '')
