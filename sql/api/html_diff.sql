-- SPDX-License-Identifier: GPL-2.0-or-later
-- A diff, at most wanted characters of it, file by file, with what it adds and removes marked. What
-- would turn the direction of text, and carriage returns, are shown: who reviews must see what is there.
create or replace function patchmail.api_html_diff(diff text, wanted int)
returns text language plpgsql immutable parallel safe as $$
#variable_conflict use_column
declare
    escaped text := patchmail.api_html(regexp_replace(replace(rtrim(left(diff, wanted), E'\n'), E'\r', E'\u240d'),
        E'[\u202a-\u202e\u2066-\u2069]', E'\ufffd', 'g'));
    has_heads boolean := escaped ~ '(?n)^(diff |Index: )';
begin
    return (
        with lines as (
            select l.at, l.line, lead(l.line) over w as following, lag(l.line) over w as preceding
            from unnest(string_to_array(escaped, E'\n')) with ordinality l (line, at)
            window w as (order by l.at)
        ), kinds as (
            select l.at, l.line,
                case when l.line like 'diff %' or l.line like 'Index: %' then 'f'
                    when l.line like '--- %' and l.following like '+++ %' then 'o'
                    when l.line like '+++ %' and l.preceding like '--- %' then 'n'
                    when l.line like '@@%' then 'h'
                    when l.line like '+%' then 'a'
                    when l.line like '-%' then 'd'
                    when l.line !~ '^[ \\]' and l.line <> '' then 'm' end as kind
            from lines l
        ), files as (
            select k.at, k.line, k.kind,
                count(*) filter (where k.kind = case when has_heads then 'f' else 'o' end) over (order by k.at)
                    as file
            from kinds k
        ), parts as (
            select f.file,
                (array_agg(regexp_replace(substr(f.line, 5), '^[ab]/|\t.*$', '', 'g') order by f.kind, f.at)
                    filter (where f.kind in ('n', 'o') and f.line not like '____/dev/null%'))[1] as name,
                (array_agg(f.line order by f.at))[1] as head,
                count(*) filter (where f.kind = 'a') as added,
                count(*) filter (where f.kind = 'd') as removed,
                string_agg(case when f.kind is null then f.line || E'\n'
                    else '<span class="' || case when f.kind in ('o', 'n', 'f') then 'm' else f.kind end || '">'
                        || f.line || E'\n</span>' end, '' order by f.at) as text
            from files f
            group by f.file
        )
        select string_agg(case when p.file = 0 then '<pre class="diff"><code>' || p.text || '</code></pre>'
            else '<details class="file" open="open"><summary><code>'
                || coalesce(p.name, regexp_replace(p.head, '^(diff --git a/|Index: )| b/.*$', '', 'g'))
                || '</code> <span class="a">+' || p.added || '</span> <span class="d">-' || p.removed
                || '</span></summary><pre class="diff"><code>' || p.text || '</code></pre></details>' end, E'\n'
            order by p.file)
        from parts p
    ) || case when length(diff) > wanted then '<p class="cut">Only the first ' || wanted || ' of '
        || length(diff) || ' characters are shown; the download has all.</p>' else '' end;
end
$$;
