-- SPDX-License-Identifier: GPL-2.0-or-later
-- What all links of an answer begin and end with: [1] of pages, [2] of the API's documents,
-- [3] what the latter end with, [4] the minor version that is spoken.
-- version null: the newest, by links without a version.
create or replace function patchmail.api_site(base_url text, version text, format text)
returns text[] language sql immutable parallel safe as $$
    select array[
        rtrim(base_url, '/'),
        rtrim(base_url, '/') || '/api' || coalesce('/' || version, ''),
        coalesce('?format=' || format, ''),
        coalesce(substring(version from '^1\.([0-4])$'), '4')]
$$;
