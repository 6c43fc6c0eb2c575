-- SPDX-License-Identifier: GPL-2.0-or-later
-- The payload of an event of the rarer categories; patch: the one that it names.
create or replace function patchmail.api_event_payload(site text[], event_id int, patch json)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case e.category
            when 'cover-created' then json_build_object(
                'cover', patchmail.api_cover_brief(site, e.cover_id))
            when 'patch-state-changed' then json_build_object(
                'patch', patch,
                'previous_state', (select t.slug from patchwork_state t where t.id = e.previous_state_id),
                'current_state', (select t.slug from patchwork_state t where t.id = e.current_state_id))
            when 'patch-delegated' then json_build_object(
                'patch', patch,
                'previous_delegate', patchmail.api_user_brief(site, e.previous_delegate_id),
                'current_delegate', patchmail.api_user_brief(site, e.current_delegate_id))
            when 'patch-relation-changed' then json_build_object(
                'patch', patch,
                'previous_relation', null,
                'current_relation', null)
            when 'check-created' then json_build_object(
                'patch', patch,
                'check', patchmail.api_check_item(site, e.created_check_id, true))
            when 'cover-comment-created' then json_build_object(
                'cover', patchmail.api_cover_brief(site, e.cover_id),
                'comment', patchmail.api_cover_comment_item(site, e.cover_comment_id, true))
            when 'patch-comment-created' then json_build_object(
                'patch', patch,
                'comment', patchmail.api_patch_comment_item(site, e.patch_comment_id, true))
            else '{}'::json end
        from patchwork_event e
        where e.id = event_id
    );
end
$$;
