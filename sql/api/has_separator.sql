-- SPDX-License-Identifier: GPL-2.0-or-later
-- Whether a text has a line that git would take for the beginning of the next mail. Looking for
-- the word first is what makes it fast.
create or replace function patchmail.api_has_separator(body text)
returns boolean language sql immutable parallel safe as $$
    select strpos(E'\n' || body, E'\nFrom ') > 0
        and body ~ '(?n)^From .*[0-9].?[0-9]{2}:[0-9]{2}.*[0-9]{2}'
$$;
