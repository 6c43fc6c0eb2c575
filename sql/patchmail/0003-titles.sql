-- SPDX-License-Identifier: GPL-2.0-or-later
-- Version 3: series that are replaced by one of another thread are found by the titles
-- of their patches and by change-id.

-- Half of the MD5 of the title in lower case, without runs of blanks.
alter table patchmail.message add column title_key bigint;

update patchmail.message m
set title_key = ('x' || substr(md5(t.title), 1, 16))::bit(64)::bigint
from (
    select msgid, project_id, trim(regexp_replace(translate(
        convert_from(substring(convert_to(name, 'UTF8') from title_at + 1), 'UTF8'),
        'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'), '\s+', ' ', 'g')) as title
    from patchmail.message
    where kind in ('p', 'c')
) t
where t.title <> '' and m.msgid = t.msgid and m.project_id = t.project_id;

create index message_title on patchmail.message
    (project_id, submitter_id, title_key, sent) where title_key is not null;
create index message_change on patchmail.message (change_id, project_id)
    where change_id is not null;

-- Depends-on by Message-ID: a submission, and the one that it depends on, seen or not.
create table patchmail.dependency (
    project_id integer not null,
    msgid text not null,
    on_msgid text not null,
    primary key (msgid, project_id, on_msgid)
);
create index dependency_on on patchmail.dependency (on_msgid, project_id);
