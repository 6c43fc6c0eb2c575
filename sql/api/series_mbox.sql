-- SPDX-License-Identifier: GPL-2.0-or-later
-- The patches of a series for git am, in order. tags: with those of comments.
create or replace function patchmail.series_mbox(id int, tags boolean default false)
returns bytea language sql stable parallel safe as $$
    select coalesce(string_agg(patchmail.api_mbox_of('patch', p.id, tags), '\x0a'
        order by p.number, p.date, p.id), '')
    from patchwork_series s
    left join patchwork_patch p on p.series_id = s.id
    where s.id = series_mbox.id
    group by s.id
$$;
