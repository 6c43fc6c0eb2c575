-- SPDX-License-Identifier: GPL-2.0-or-later
-- Events behind one id and up to another, in the order of their ids, that fit the filters of /api/events/; at
-- most wanted of them, of 10,000 that are looked at. last: behind which to go on; n: how many there are;
-- body: a list, or where is_stream the lines of Server-Sent Events.
create or replace function patchmail.event_feed(base_url text, query jsonb, version text, behind bigint, upto bigint,
    wanted int, is_stream boolean default false)
returns table (last bigint, n int, body text) language plpgsql stable as $$
#variable_conflict use_column
declare
    site text[] := patchmail.api_site(base_url, version, patchmail.api_value(query, 'format'));
    conditions text := array_to_string(patchmail.api_event_conditions(site, query), ' and ');
    ids bigint[];
begin
    execute format('select array_agg(x.id order by x.id) from ('
        'select e.id from (select * from patchwork_event o where o.id > $1 and o.id <= $2 order by o.id limit 10000) e '
        '%s order by e.id limit $3) x', coalesce('where ' || nullif(conditions, ''), ''))
        using behind, upto, wanted into ids;
    -- Where there may be more, go on behind the last one.
    last := case when cardinality(ids) >= wanted then ids[wanted] else coalesce((
        select o.id
        from patchwork_event o
        where o.id > behind and o.id <= upto
        order by o.id
        offset 9999 limit 1), upto) end;
    n := coalesce(cardinality(ids), 0);
    if is_stream then
        body := (
            select coalesce(string_agg('id: ' || ids[d.at] || E'\nevent: ' || (d.document::json ->> 'category')
                || E'\ndata: ' || d.document || E'\n\n', '' order by d.at), '')
            from patchmail.api_event_documents(site, ids::int[]) d);
    else
        body := (
            select '[' || coalesce(string_agg(d.document, ', ' order by d.at), '') || ']'
            from patchmail.api_event_documents(site, ids::int[]) d);
    end if;
    return next;
end
$$;
