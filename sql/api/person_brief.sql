-- SPDX-License-Identifier: GPL-2.0-or-later
-- A person within another document.
create or replace function patchmail.api_person_brief(site text[], person_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select patchmail.api_person_object(site, p)
        from patchwork_person p
        where p.id = person_id
    );
end
$$;
