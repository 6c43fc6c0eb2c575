-- SPDX-License-Identifier: GPL-2.0-or-later
-- Whether a user maintains a project; not so for nobody.
create or replace function patchmail.api_maintains(project_id int, viewer int)
returns boolean language plpgsql stable as $$
#variable_conflict use_column
begin
    return exists (
        select
        from patchwork_userprofile f
        join patchwork_userprofile_maintainer_projects m on m.userprofile_id = f.id
        where f.user_id = viewer and m.project_id = api_maintains.project_id);
end
$$;
