-- SPDX-License-Identifier: GPL-2.0-or-later
-- The lines "Acked-by: …" and the like of the comments on a patch or cover (kind), each with its
-- line end.
create or replace function patchmail.api_responses(kind text, id int)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return (
        select coalesce(string_agg(t.line[1] || E'\n', '' order by c.date, c.id, t.at), '')
        from (
            select k.date, k.id, k.content
            from patchwork_patchcomment k
            where kind = 'patch' and k.patch_id = api_responses.id
            union all
            select k.date, k.id, k.content
            from patchwork_covercomment k
            where kind = 'cover' and k.cover_id = api_responses.id
        ) c
        cross join lateral regexp_matches(c.content,
            '^((?:Tested|Reviewed|Acked|Signed-off|Nacked|Reported)-by:.*)$', 'gni')
            with ordinality as t (line, at)
    );
end
$$;
