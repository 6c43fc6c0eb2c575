-- SPDX-License-Identifier: GPL-2.0-or-later
-- A patch for git am. tags: with those of comments; deps: below the earlier ones of its series.
create or replace function patchmail.patch_mbox(id int, tags boolean default false,
    deps boolean default false)
returns bytea language sql stable parallel safe as $$
    select string_agg(patchmail.api_mbox_of('patch', o.id, tags), '\x0a' order by o.number, o.id)
    from patchwork_patch p
    join patchwork_patch o on o.id = p.id
        or deps and o.series_id = p.series_id and o.number < p.number
    where p.id = patch_mbox.id
$$;
