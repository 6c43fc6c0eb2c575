-- SPDX-License-Identifier: GPL-2.0-or-later
-- All of a patch, as text; null where there is none. Not called from outside: it sets nothing, and so
-- costs less than patch_json().
create or replace function patchmail.api_patch_document(id int, base_url text, version text, format text)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
declare
    site text[] := patchmail.api_site(base_url, version, format);
begin
    return (
        select left(d.document, -1) || ', "headers": ' || patchmail.api_headers(p.headers) || ', '
            || substr(json_build_object(
            'content', p.content,
            'diff', p.diff,
            'prefixes', patchmail.api_prefixes(p.name))::text, 2)
        from patchwork_patch p
        cross join patchmail.api_patch_documents(site, array[p.id],
            case when exists (select from patchwork_check k where k.patch_id = p.id)
                then patchmail.api_check_states(array[p.id]) end) d
        where p.id = api_patch_document.id
    );
end
$$;
