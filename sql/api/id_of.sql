-- SPDX-License-Identifier: GPL-2.0-or-later
-- The id that a value names, by number or by name ignoring case; null where there is none.
create or replace function patchmail.api_id_of(what text, value text)
returns int language plpgsql stable parallel safe as $$
declare
    as_number int := case when value ~ '^\s*\d{1,9}\s*$' then value::int end;
begin
    return case what
        when 'project' then (select r.id from patchwork_project r
            where case when as_number is null then upper(r.linkname) = upper(value)
                else r.id = as_number end)
        when 'state' then (select t.id from patchwork_state t
            where case when as_number is null
                then t.slug = lower(value) or upper(t.name) = upper(replace(value, '-', ' '))
                else t.id = as_number end limit 1)
        when 'person' then case when as_number is null
            then (select p.id from patchwork_person p where upper(p.email) = upper(value) limit 1)
            else (select p.id from patchwork_person p where p.id = as_number) end
        when 'user' then (select u.id from auth_user u
            where case when as_number is null then upper(u.username) = upper(value)
                else u.id = as_number end limit 1)
        when 'series' then (select s.id from patchwork_series s where s.id = as_number)
        when 'patch' then (select p.id from patchwork_patch p where p.id = as_number)
        when 'cover' then (select c.id from patchwork_cover c where c.id = as_number)
    end;
end
$$;
