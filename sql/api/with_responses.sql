-- SPDX-License-Identifier: GPL-2.0-or-later
-- A message with such lines below it, above a line "---" if there is one, as Patchwork does.
create or replace function patchmail.api_with_responses(content text, responses text)
returns text language sql immutable parallel safe as $$
    select case
        when responses = '' then content
        when x.head is null then rtrim(content, E' \n') || E'\n' || rtrim(responses, E'\n')
        else btrim(x.head, E' \n') || E'\n' || responses || '---'
            || rtrim(regexp_replace(substr(content, length(x.head) + 1), '^-{2,3} ?', ''), E' \n')
        end
    from (select substring(content from '(?w)\A(.*?)^-{2,3} ?$') as head) x
$$;
