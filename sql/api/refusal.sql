-- SPDX-License-Identifier: GPL-2.0-or-later
-- What somebody is told who may not do a thing: known or not.
create or replace function patchmail.api_refusal(viewer int)
returns json language sql immutable as $$
    select json_build_object('detail', case when viewer is null
        then 'Authentication credentials were not provided.'
        else 'You do not have permission to perform this action.' end)
$$;
