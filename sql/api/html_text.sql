-- SPDX-License-Identifier: GPL-2.0-or-later
-- The text of a mail, at most wanted characters of it, with what it quotes and its links marked. What
-- ends a link are blanks and all that had to be escaped, but "&".
create or replace function patchmail.api_html_text(content text, wanted int)
returns text language plpgsql immutable parallel safe as $$
#variable_conflict use_column
declare
    escaped text := patchmail.api_html(left(btrim(content, E'\r\n'), wanted));
begin
    if strpos(escaped, '://') > 0 then
        escaped := regexp_replace(escaped, '\m(https?://(?:[^\s&]|&amp;)*[^\s&.,:;!?)\]])',
            '<a rel="nofollow noopener noreferrer" href="\1">\1</a>', 'g');
    end if;
    if strpos(escaped, '&gt;') > 0 then
        escaped := (
            select string_agg(case when l.line like '&gt;%'
                then '<span class="q">' || l.line || E'\n</span>' else l.line || E'\n' end, '' order by l.at)
            from unnest(string_to_array(escaped, E'\n')) with ordinality l (line, at));
    end if;
    return '<pre class="text">' || E'\n' || escaped || '</pre>'
        || case when length(content) > wanted then '<p class="cut">Only the first ' || wanted || ' of '
            || length(content) || ' characters are shown.</p>' else '' end;
end
$$;
