-- SPDX-License-Identifier: GPL-2.0-or-later
-- An event. Its payload has what its category tells of.
create or replace function patchmail.api_event_item(site text[], event_id int)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select case when site[4] >= '2' then d.document
            else patchmail.api_without(d.document, 'actor') end
        from (
            select json_build_object(
                'id', e.id,
                'category', e.category,
                'project', patchmail.api_project_brief(site, e.project_id),
                'date', patchmail.api_date(e.date),
                'actor', patchmail.api_user_brief(site, e.actor_id),
                'payload', case e.category
                    when 'cover-created' then json_build_object(
                        'cover', patchmail.api_cover_brief(site, e.cover_id))
                    when 'patch-created' then json_build_object(
                        'patch', patchmail.api_patch_brief(site, e.patch_id))
                    when 'patch-completed' then json_build_object(
                        'patch', patchmail.api_patch_brief(site, e.patch_id),
                        'series', patchmail.api_series_brief(site, e.series_id))
                    when 'patch-state-changed' then json_build_object(
                        'patch', patchmail.api_patch_brief(site, e.patch_id),
                        'previous_state', (select t.slug from patchwork_state t where t.id = e.previous_state_id),
                        'current_state', (select t.slug from patchwork_state t where t.id = e.current_state_id))
                    when 'patch-delegated' then json_build_object(
                        'patch', patchmail.api_patch_brief(site, e.patch_id),
                        'previous_delegate', patchmail.api_user_brief(site, e.previous_delegate_id),
                        'current_delegate', patchmail.api_user_brief(site, e.current_delegate_id))
                    when 'patch-relation-changed' then json_build_object(
                        'patch', patchmail.api_patch_brief(site, e.patch_id),
                        'previous_relation', null,
                        'current_relation', null)
                    when 'check-created' then json_build_object(
                        'patch', patchmail.api_patch_brief(site, e.patch_id),
                        'check', patchmail.api_check_item(site, e.created_check_id, true))
                    when 'series-created' then json_build_object(
                        'series', patchmail.api_series_brief(site, e.series_id))
                    when 'series-completed' then json_build_object(
                        'series', patchmail.api_series_brief(site, e.series_id))
                    when 'cover-comment-created' then json_build_object(
                        'cover', patchmail.api_cover_brief(site, e.cover_id),
                        'comment', patchmail.api_cover_comment_item(site, e.cover_comment_id, true))
                    when 'patch-comment-created' then json_build_object(
                        'patch', patchmail.api_patch_brief(site, e.patch_id),
                        'comment', patchmail.api_patch_comment_item(site, e.patch_comment_id, true))
                    else '{}'::json end
            ) as document
            from patchwork_event e
            where e.id = event_id
        ) d
    );
end
$$;
