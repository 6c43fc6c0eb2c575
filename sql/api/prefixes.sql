-- SPDX-License-Identifier: GPL-2.0-or-later
-- The words in the brackets before a name.
create or replace function patchmail.api_prefixes(name text)
returns json language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select coalesce(json_agg(w.word[1] order by w.at), '[]')
        from regexp_matches(
            regexp_replace(
                substring(regexp_replace(name, '^(re|fwd?)[:\s]\s*', '', 'i') from '^\s*((?:\[[^]]*\]\s*)*)'),
                '[][]', ',', 'g'),
            'PATCH\s\d+\sof\s\d+|[^,\s]+', 'gi') with ordinality as w (word, at)
        where lower(w.word[1]) <> 'patch'
    );
end
$$;
