-- SPDX-License-Identifier: GPL-2.0-or-later
-- One item of GET /api/events/; null where there is none.
create or replace function patchmail.event_json(id int, base_url text, version text default null,
    format text default null)
returns json language sql stable parallel safe as $$
    select d.document::json
    from patchmail.api_event_documents(patchmail.api_site(base_url, version, format), array[id]) d
$$;
