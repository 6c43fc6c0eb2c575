-- SPDX-License-Identifier: GPL-2.0-or-later
-- Version 2 of the schema patchmail: what people decide about series, and what each
-- project wants done by itself.

-- A row for each project that wants other things than patchmail does by default.
create table patchmail.project_policy (
    project_id integer primary key,
    -- Patches of a series that was replaced get the state Superseded.
    supersede boolean not null
);

-- The patches that got it from us, so that it can be taken back, and so that a state that
-- a person chose is told from it.
create table patchmail.superseded (
    patch_id integer primary key,
    -- The state that it had.
    state_id integer not null,
    -- Whether it has Superseded from us now; false: taken back.
    is_set boolean not null
);

-- What somebody decided with "patchmail series", in words that hold in any database.
create table patchmail.decision (
    id integer generated always as identity primary key,
    project_id integer not null,
    -- merge, split, move
    verb text not null,
    -- What stood behind it, with Message-IDs in place of ids.
    arguments text[] not null,
    decided_at timestamp with time zone not null default now(),
    decided_by text not null default current_user,
    undone_at timestamp with time zone
);

-- Where the mails that it moved were before, for undoing it.
create table patchmail.decision_mail (
    decision_id integer not null references patchmail.decision,
    msgid text not null,
    series_id integer not null,
    slot integer,
    primary key (decision_id, msgid)
);

-- The series that it is about: later mails may extend them, no rule changes them.
create table patchmail.decided_series (
    series_id integer not null,
    decision_id integer not null references patchmail.decision,
    primary key (series_id, decision_id)
);

-- Who was given what taking in mail needs has it for these, too.
do $$
declare
    role_name text;
begin
    for role_name in
        select distinct grantee
        from information_schema.role_table_grants
        where table_schema = 'patchmail' and table_name = 'message' and privilege_type = 'INSERT'
            and grantee <> current_user
    loop
        execute format('grant select on patchmail.project_policy to %I', role_name);
        execute format('grant select, insert, update, delete on patchmail.superseded, '
            'patchmail.decision, patchmail.decision_mail, patchmail.decided_series to %I', role_name);
        execute format('grant usage on all sequences in schema patchmail to %I', role_name);
        execute format('grant select, insert, update, delete on patchwork_patchchangenotification to %I',
            role_name);
        execute format('grant select on patchwork_check, patchwork_bundlepatch to %I', role_name);
    end loop;
end
$$;
