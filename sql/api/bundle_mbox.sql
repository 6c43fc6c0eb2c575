-- SPDX-License-Identifier: GPL-2.0-or-later
-- The patches of a bundle for git am, in its order. tags: with those of comments.
create or replace function patchmail.bundle_mbox(id int, tags boolean default false)
returns bytea language sql stable parallel safe as $$
    select coalesce(string_agg(patchmail.api_mbox_of('patch', m.patch_id, tags), '\x0a'
        order by m."order", m.id), '')
    from patchwork_bundle b
    left join patchwork_bundlepatch m on m.bundle_id = b.id
    where b.id = bundle_mbox.id
    group by b.id
$$;
