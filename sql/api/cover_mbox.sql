-- SPDX-License-Identifier: GPL-2.0-or-later
-- A cover as an mbox. tags: with those of comments.
create or replace function patchmail.cover_mbox(id int, tags boolean default false)
returns bytea language sql stable parallel safe as $$
    select patchmail.api_mbox_of('cover', id, tags)
$$;
