-- SPDX-License-Identifier: GPL-2.0-or-later
-- Events, in the order of ids. The payload of each has what its category tells of. One query for all
-- of a page, with what most of them name; the rest is called where there is any.
create or replace function patchmail.api_event_documents(site text[], ids int[])
returns table (at bigint, document text) language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return query
    select d.at, case when site[4] >= '2' then d.document::text
        else patchmail.api_without(d.document, 'actor')::text end
    from (
        select w.at, json_build_object(
            'id', e.id,
            'category', e.category,
            'project', case when site[4] >= '2' then patchmail.api_project_object(site, r)
                else patchmail.api_project_brief(site, r.id) end,
            'date', patchmail.api_date(e.date),
            'actor', patchmail.api_user_brief(site, e.actor_id),
            'payload', case e.category
                when 'cover-created' then json_build_object(
                    'cover', patchmail.api_cover_brief(site, e.cover_id))
                when 'patch-created' then json_build_object('patch', x.patch)
                when 'patch-completed' then json_build_object('patch', x.patch, 'series', y.series)
                when 'patch-state-changed' then json_build_object(
                    'patch', x.patch,
                    'previous_state', (select t.slug from patchwork_state t where t.id = e.previous_state_id),
                    'current_state', (select t.slug from patchwork_state t where t.id = e.current_state_id))
                when 'patch-delegated' then json_build_object(
                    'patch', x.patch,
                    'previous_delegate', patchmail.api_user_brief(site, e.previous_delegate_id),
                    'current_delegate', patchmail.api_user_brief(site, e.current_delegate_id))
                when 'patch-relation-changed' then json_build_object(
                    'patch', x.patch,
                    'previous_relation', null,
                    'current_relation', null)
                when 'check-created' then json_build_object(
                    'patch', x.patch,
                    'check', patchmail.api_check_item(site, e.created_check_id, true))
                when 'series-created' then json_build_object('series', y.series)
                when 'series-completed' then json_build_object('series', y.series)
                when 'cover-comment-created' then json_build_object(
                    'cover', patchmail.api_cover_brief(site, e.cover_id),
                    'comment', patchmail.api_cover_comment_item(site, e.cover_comment_id, true))
                when 'patch-comment-created' then json_build_object(
                    'patch', x.patch,
                    'comment', patchmail.api_patch_comment_item(site, e.patch_comment_id, true))
                else '{}'::json end) as document
        from unnest(ids) with ordinality w (id, at)
        join patchwork_event e on e.id = w.id
        join patchwork_project r on r.id = e.project_id
        left join lateral (
            select case when site[4] >= '2' then patchmail.api_patch_object(site, p, o)
                else patchmail.api_patch_brief(site, p.id) end as patch
            from patchwork_patch p
            join patchwork_project o on o.id = p.project_id
            where p.id = e.patch_id
            offset 0
        ) x on true
        left join lateral (
            select case when site[4] >= '1' then patchmail.api_series_object(site, s, o.linkname)
                else patchmail.api_series_brief(site, s.id) end as series
            from patchwork_series s
            left join patchwork_project o on o.id = s.project_id
            where s.id = e.series_id
            offset 0
        ) y on true
        offset 0
    ) d;
end
$$;
