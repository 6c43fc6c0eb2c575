-- New people. Another writer may have added one meanwhile: its row is kept, and
-- find_people is asked again.
-- $1 text[] addresses in rising order (so that two writers cannot lock each
-- other out), $2 text[] names.
insert into patchwork_person (email, name)
select unnest($1::text[]), unnest($2::text[])
on conflict (email) do nothing
