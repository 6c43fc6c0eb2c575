-- SPDX-License-Identifier: GPL-2.0-or-later
-- GET /api/patches/ID/checks/
create or replace function patchmail.check_list(patch_id int, base_url text, query jsonb default '{}',
    version text default null)
returns table (status int, total bigint, is_exact boolean, page int, per_page int, body json)
language plpgsql as $$
declare
    site text[] := patchmail.api_site(base_url, version, patchmail.api_value(query, 'format'));
begin
    if not exists (select from patchwork_patch m where m.id = patch_id) then
        return query select 404, null::bigint, true, null::int, null::int,
            json_build_object('detail', 'Not found.');
        return;
    end if;
    return query
    select l.status, l.total, l.is_exact, l.page, l.per_page, l.body
    from patchmail.api_page(site, query, 'patchwork_check k', 'k.id', array[
        format('k.patch_id = %s', patch_id),
        patchmail.api_where_ids(query, 'user', 'user', 'k.user_id'),
        'k.state = ' || coalesce(array_position(array['pending', 'success', 'warning', 'fail'],
            patchmail.api_value(query, 'state')) - 1,
            substring(patchmail.api_value(query, 'state') from '^[0-3]$')::int,
            case when patchmail.api_value(query, 'state') is not null then -1 end),
        'k.context = ' || quote_literal(patchmail.api_value(query, 'context')),
        patchmail.api_where_dates(query, 'k.date')
        ],
        patchmail.api_order_by(query, '{
            "id": "k.id", "date": "k.date"}', 'k.id', 'k.id'),
        'patchmail.api_check_item($1, x.id, false)') l;
end
$$;
