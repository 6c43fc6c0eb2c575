-- SPDX-License-Identifier: GPL-2.0-or-later
-- A document with the members of another one behind its own; neither is empty. jsonb would lose
-- the order.
create or replace function patchmail.api_with(document json, more json)
returns json language sql immutable parallel safe as $$
    select (left(document::text, -1) || ', ' || substr(more::text, 2))::json
$$;
