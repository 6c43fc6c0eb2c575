-- SPDX-License-Identifier: GPL-2.0-or-later
-- A series alone, as in lists; as text. null where there is none.
create or replace function patchmail.api_series_item(site text[], series_id int)
returns text language sql stable parallel safe as $$
    select d.document
    from patchmail.api_series_documents(site, array[series_id]) d
$$;
