-- $1 text key, $2 text value.
insert into patchmail.meta (key, value) values ($1::text, $2::text)
on conflict (key) do update set value = excluded.value
