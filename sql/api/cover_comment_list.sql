-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/covers/ID/comments/
create or replace function patchmail.cover_comment_list(cover_id int, base_url text, query jsonb default '{}',
    version text default null)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body json)
language plpgsql as $$
declare
    site text[] := patchmail.api_site(base_url, version, patchmail.api_value(query, 'format'));
begin
    if not exists (select from patchwork_cover m where m.id = cover_id) then
        return query select 404, null::bigint, true, null::int, null::int,
            json_build_object('detail', 'Not found.');
        return;
    end if;
    return query
    select l.status, l.total, l.is_exact, l.page, l.per_page, l.body
    from patchmail.api_page(site, query, 'patchwork_covercomment k', 'k.id', array[
        format('k.cover_id = %s', cover_id)
        ],
        patchmail.api_order_by(query, '{
            "id": "k.id", "date": "k.date", "submitter": "k.submitter_id"}', 'k.id', 'k.id'),
        'patchmail.api_cover_comment_item($1, x.id, false)') l;
end
$$;
