-- SPDX-License-Identifier: GPL-2.0-or-later
-- Version 1 of the schema patchmail: what the correlator must remember and what
-- Patchwork's tables have no place for. Nothing here has a foreign key into
-- Patchwork's tables, so that Patchwork's pages can delete what they like.

create schema patchmail;

-- Facts about the installation: 'schema_version', 'tables' (own: made by
-- patchmail; patchwork: found there).
create table patchmail.meta (
    key text primary key,
    value text not null
);

create sequence patchmail.thread_id_seq;

-- One row for every id that a project has seen or that one of its mails refers
-- to. What the correlator needs of a mail is here, narrow; the mail itself is in
-- Patchwork's tables. msgid leads the key: look-ups come with many ids of one
-- project, and a key that began with the project would be scanned by its prefix.
create table patchmail.message (
    msgid text not null,
    project_id integer not null,
    -- p patch, c cover, r reply on a submission, h held reply, d discussion
    -- (answers nothing tracked), i ignored, g ghost (referred to, not seen)
    kind "char" not null,
    -- Patchwork made it: its series is never torn apart.
    is_foreign boolean not null default false,
    -- Equal for all mails of a thread; the id is that of no table.
    thread_id bigint not null,
    -- Threads that may share a series: by sending run, or by sender, version,
    -- total and time. The unit in which the correlator decides.
    cluster_id bigint not null,
    -- What it refers to, nearest first, one id a line.
    refs text,
    -- The nearest submission of this project on the way up the thread.
    anchor text,
    -- Where the row is: p and c by id; for r the submission it hangs on.
    patch_id integer,
    cover_id integer,
    series_id integer,
    slot integer,
    -- The comment's row, for r.
    comment_id integer,
    -- Tag counts of this mail as "tag:count" words, for when a comment moves.
    tags text,
    -- Facts of submissions; null in other kinds.
    sent bigint,
    submitter_id integer,
    version integer,
    version_text text,
    number integer,
    fraction integer,
    total integer,
    prefixes text,
    name text,
    title_at integer,
    run text,
    change_id text,
    shortlog text,
    primary key (msgid, project_id)
);

-- The members of a cluster.
create index message_cluster on patchmail.message (cluster_id, kind);
-- Unthreaded series: same sender, version and total, near in time.
create index message_kin on patchmail.message
    (project_id, submitter_id, total, version, sent) where kind in ('p', 'c');
-- Mails of one sending run.
create index message_run on patchmail.message (run, project_id) where run is not null;

-- Replies whose parent has not come yet, as they will be stored when it comes.
create table patchmail.orphan (
    msgid text not null,
    project_id integer not null,
    -- The author gets a row of patchwork_person when the reply is shown.
    email text not null,
    name text,
    date timestamp with time zone not null,
    headers text not null,
    content text not null,
    action_required boolean not null,
    held_at timestamp with time zone not null default now(),
    primary key (msgid, project_id)
);
create index orphan_held_at on patchmail.orphan (held_at);

-- Mails as they arrived, where the columns cannot hold them exactly.
create table patchmail.raw (
    msgid text not null,
    project_id integer not null,
    bytes bytea not null,
    primary key (msgid, project_id)
);

-- The series that a series replaces.
create table patchmail.series_revision (
    series_id integer primary key,
    supersedes_id integer not null,
    reason text not null
);
create index series_revision_supersedes on patchmail.series_revision (supersedes_id);

-- Mails that cannot be stored, whole or as far as they were read, once each.
create table patchmail.quarantine (
    id integer generated always as identity primary key,
    arrived timestamp with time zone not null default now(),
    project_id integer,
    msgid text,
    reason text not null,
    digest bytea not null,
    size bigint not null,
    bytes bytea not null
);
create unique index quarantine_digest on patchmail.quarantine (digest, coalesce(project_id, 0));

-- How far an archive has been replayed.
create table patchmail.replay_position (
    source text primary key,
    position text not null,
    updated timestamp with time zone not null default now()
);
