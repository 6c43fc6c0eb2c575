-- SPDX-License-Identifier: GPL-2.0-or-later
-- Whether a user may change a patch: its submitter, its delegate, who maintains its project.
create or replace function patchmail.api_may_edit(patch_id int, viewer int)
returns boolean language plpgsql stable as $$
#variable_conflict use_column
begin
    return exists (
        select
        from patchwork_patch p
        join patchwork_person s on s.id = p.submitter_id
        where p.id = patch_id and (s.user_id = viewer or p.delegate_id = viewer
            or patchmail.api_maintains(p.project_id, viewer)));
end
$$;
