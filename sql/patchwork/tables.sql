-- SPDX-License-Identifier: GPL-2.0-or-later
-- Patchwork's tables as its own migrations (3.2 to 3.3) leave them, for a
-- database on which no Patchwork runs yet: same names, types, constraints.
-- Sequence names are historical (submission, comment), as Patchwork's are.

create sequence auth_user_id_seq as integer;
create table auth_user (
    id integer default nextval('auth_user_id_seq') not null,
    password character varying(128) not null,
    last_login timestamp with time zone,
    is_superuser boolean not null,
    username character varying(150) not null,
    first_name character varying(150) not null,
    last_name character varying(150) not null,
    email character varying(254) not null,
    is_staff boolean not null,
    is_active boolean not null,
    date_joined timestamp with time zone not null,
    constraint auth_user_pkey primary key (id),
    constraint auth_user_username_key unique (username)
);
alter sequence auth_user_id_seq owned by auth_user.id;

create sequence patchwork_bundle_id_seq as integer;
create table patchwork_bundle (
    id integer default nextval('patchwork_bundle_id_seq') not null,
    name character varying(50) not null,
    public boolean not null,
    owner_id integer not null,
    project_id integer not null,
    constraint patchwork_bundle_pkey primary key (id),
    constraint patchwork_bundle_owner_id_name_8bb7fe7e_uniq unique (owner_id, name)
);
alter sequence patchwork_bundle_id_seq owned by patchwork_bundle.id;

create sequence patchwork_bundlepatch_id_seq as integer;
create table patchwork_bundlepatch (
    id integer default nextval('patchwork_bundlepatch_id_seq') not null,
    "order" integer not null,
    bundle_id integer not null,
    patch_id integer not null,
    constraint patchwork_bundlepatch_pkey primary key (id),
    constraint patchwork_bundlepatch_bundle_id_patch_id_d8304561_uniq unique (bundle_id, patch_id)
);
alter sequence patchwork_bundlepatch_id_seq owned by patchwork_bundlepatch.id;

create sequence patchwork_check_id_seq as integer;
create table patchwork_check (
    id integer default nextval('patchwork_check_id_seq') not null,
    date timestamp with time zone not null,
    state smallint not null,
    target_url character varying(200),
    description text,
    context character varying(255) not null,
    user_id integer not null,
    patch_id integer not null,
    constraint patchwork_check_pkey primary key (id)
);
alter sequence patchwork_check_id_seq owned by patchwork_check.id;

create sequence patchwork_cover_id_seq as integer;
create table patchwork_cover (
    id integer default nextval('patchwork_cover_id_seq') not null,
    msgid character varying(255) not null,
    date timestamp with time zone not null,
    headers text not null,
    content text,
    name character varying(255) not null,
    project_id integer not null,
    submitter_id integer not null,
    constraint patchwork_cover_pkey primary key (id),
    constraint patchwork_cover_msgid_project_id_5ec5df5b_uniq unique (msgid, project_id)
);
alter sequence patchwork_cover_id_seq owned by patchwork_cover.id;

create sequence patchwork_covercomment_id_seq as integer;
create table patchwork_covercomment (
    id integer default nextval('patchwork_covercomment_id_seq') not null,
    msgid character varying(255) not null,
    date timestamp with time zone not null,
    headers text not null,
    content text,
    cover_id integer not null,
    submitter_id integer not null,
    addressed boolean,
    constraint patchwork_covercomment_pkey primary key (id),
    constraint patchwork_covercomment_msgid_cover_id_41e006f5_uniq unique (msgid, cover_id)
);
alter sequence patchwork_covercomment_id_seq owned by patchwork_covercomment.id;

create sequence patchwork_delegationrule_id_seq as integer;
create table patchwork_delegationrule (
    id integer default nextval('patchwork_delegationrule_id_seq') not null,
    path character varying(255) not null,
    priority integer not null,
    project_id integer not null,
    user_id integer not null,
    constraint patchwork_delegationrule_pkey primary key (id),
    constraint patchwork_delegationrule_path_project_id_dc47f47b_uniq unique (path, project_id)
);
alter sequence patchwork_delegationrule_id_seq owned by patchwork_delegationrule.id;

create sequence patchwork_emailconfirmation_id_seq as integer;
create table patchwork_emailconfirmation (
    id integer default nextval('patchwork_emailconfirmation_id_seq') not null,
    type character varying(20) not null,
    email character varying(200) not null,
    key character(40) not null,
    date timestamp with time zone not null,
    active boolean not null,
    user_id integer,
    constraint patchwork_emailconfirmation_pkey primary key (id)
);
alter sequence patchwork_emailconfirmation_id_seq owned by patchwork_emailconfirmation.id;

create table patchwork_emailoptout (
    email character varying(200) not null,
    constraint patchwork_emailoptout_pkey primary key (email)
);

create sequence patchwork_event_id_seq as integer;
create table patchwork_event (
    id integer default nextval('patchwork_event_id_seq') not null,
    category character varying(25) not null,
    date timestamp with time zone not null,
    actor_id integer,
    created_check_id integer,
    current_delegate_id integer,
    current_relation_id integer,
    current_state_id integer,
    previous_delegate_id integer,
    previous_relation_id integer,
    previous_state_id integer,
    project_id integer not null,
    series_id integer,
    cover_id integer,
    patch_id integer,
    cover_comment_id integer,
    patch_comment_id integer,
    constraint patchwork_event_pkey primary key (id)
);
alter sequence patchwork_event_id_seq owned by patchwork_event.id;

create sequence patchwork_submission_id_seq as integer;
create table patchwork_patch (
    id integer default nextval('patchwork_submission_id_seq') not null,
    msgid character varying(255) not null,
    date timestamp with time zone not null,
    headers text not null,
    content text,
    name character varying(255) not null,
    project_id integer not null,
    submitter_id integer not null,
    archived boolean not null,
    commit_ref character varying(255),
    delegate_id integer,
    diff text,
    hash character(40),
    number smallint,
    pull_url character varying(255),
    related_id integer,
    series_id integer,
    state_id integer,
    constraint patchwork_submission_pkey primary key (id),
    constraint patchwork_submission_msgid_project_id_54545915_uniq unique (msgid, project_id),
    constraint patchwork_submission_series_id_number_87e448b7_uniq unique (series_id, number),
    constraint patchwork_submission_number_check check ((number >= 0))
);
alter sequence patchwork_submission_id_seq owned by patchwork_patch.id;

create table patchwork_patchchangenotification (
    patch_id integer not null,
    last_modified timestamp with time zone not null,
    orig_state_id integer not null,
    constraint patchwork_patchchangenotification_pkey primary key (patch_id)
);

create sequence patchwork_comment_id_seq as integer;
create table patchwork_patchcomment (
    id integer default nextval('patchwork_comment_id_seq') not null,
    msgid character varying(255) not null,
    date timestamp with time zone not null,
    headers text not null,
    content text,
    patch_id integer not null,
    submitter_id integer not null,
    addressed boolean,
    constraint patchwork_comment_pkey primary key (id),
    constraint patchwork_comment_msgid_submission_id_82fafe62_uniq unique (msgid, patch_id)
);
alter sequence patchwork_comment_id_seq owned by patchwork_patchcomment.id;

create sequence patchwork_patchrelation_id_seq as integer;
create table patchwork_patchrelation (
    id integer default nextval('patchwork_patchrelation_id_seq') not null,
    constraint patchwork_patchrelation_pkey primary key (id)
);
alter sequence patchwork_patchrelation_id_seq owned by patchwork_patchrelation.id;

create sequence patchwork_patchtag_id_seq as integer;
create table patchwork_patchtag (
    id integer default nextval('patchwork_patchtag_id_seq') not null,
    count integer not null,
    tag_id integer not null,
    patch_id integer not null,
    constraint patchwork_patchtag_pkey primary key (id),
    constraint patchwork_patchtag_patch_id_tag_id_5ddba498_uniq unique (patch_id, tag_id)
);
alter sequence patchwork_patchtag_id_seq owned by patchwork_patchtag.id;

create sequence patchwork_person_id_seq as integer;
create table patchwork_person (
    id integer default nextval('patchwork_person_id_seq') not null,
    email character varying(255) not null,
    name character varying(255),
    user_id integer,
    constraint patchwork_person_pkey primary key (id),
    constraint patchwork_person_email_key unique (email)
);
alter sequence patchwork_person_id_seq owned by patchwork_person.id;

create sequence patchwork_project_id_seq as integer;
create table patchwork_project (
    id integer default nextval('patchwork_project_id_seq') not null,
    linkname character varying(255) not null,
    name character varying(255) not null,
    listid character varying(255) not null,
    listemail character varying(200) not null,
    subject_match character varying(64) not null,
    web_url character varying(2000) not null,
    scm_url character varying(2000) not null,
    webscm_url character varying(2000) not null,
    list_archive_url character varying(2000) not null,
    list_archive_url_format character varying(2000) not null,
    commit_url_format character varying(2000) not null,
    send_notifications boolean not null,
    use_tags boolean not null,
    show_dependencies boolean not null,
    constraint patchwork_project_pkey primary key (id),
    constraint patchwork_project_linkname_key unique (linkname),
    constraint patchwork_project_listid_subject_match_ab7737e7_uniq unique (listid, subject_match),
    constraint patchwork_project_name_key unique (name)
);
alter sequence patchwork_project_id_seq owned by patchwork_project.id;

create sequence patchwork_series_id_seq as integer;
create table patchwork_series (
    id integer default nextval('patchwork_series_id_seq') not null,
    name character varying(255),
    date timestamp with time zone not null,
    version integer not null,
    total integer not null,
    project_id integer,
    submitter_id integer not null,
    cover_letter_id integer,
    constraint patchwork_series_pkey primary key (id),
    constraint patchwork_series_cover_letter_id_key unique (cover_letter_id)
);
alter sequence patchwork_series_id_seq owned by patchwork_series.id;

create sequence patchwork_series_dependencies_id_seq as integer;
create table patchwork_series_dependencies (
    id integer default nextval('patchwork_series_dependencies_id_seq') not null,
    from_series_id integer not null,
    to_series_id integer not null,
    constraint patchwork_series_dependencies_pkey primary key (id),
    constraint patchwork_series_depende_from_series_id_to_series_32f472cd_uniq unique (from_series_id, to_series_id)
);
alter sequence patchwork_series_dependencies_id_seq owned by patchwork_series_dependencies.id;

create sequence patchwork_seriesreference_id_seq as integer;
create table patchwork_seriesreference (
    id integer default nextval('patchwork_seriesreference_id_seq') not null,
    msgid character varying(255) not null,
    project_id integer not null,
    series_id integer not null,
    constraint patchwork_seriesreference_pkey primary key (id),
    constraint patchwork_seriesreference_project_id_msgid_1839e786_uniq unique (project_id, msgid)
);
alter sequence patchwork_seriesreference_id_seq owned by patchwork_seriesreference.id;

create sequence patchwork_state_id_seq as integer;
create table patchwork_state (
    id integer default nextval('patchwork_state_id_seq') not null,
    name character varying(100) not null,
    slug character varying(100) not null,
    ordering integer not null,
    action_required boolean not null,
    constraint patchwork_state_pkey primary key (id),
    constraint patchwork_state_name_key unique (name),
    constraint patchwork_state_ordering_key unique (ordering),
    constraint patchwork_state_slug_key unique (slug)
);
alter sequence patchwork_state_id_seq owned by patchwork_state.id;

create sequence patchwork_tag_id_seq as integer;
create table patchwork_tag (
    id integer default nextval('patchwork_tag_id_seq') not null,
    name character varying(20) not null,
    pattern character varying(50) not null,
    abbrev character varying(2) not null,
    show_column boolean not null,
    constraint patchwork_tag_pkey primary key (id),
    constraint patchwork_tag_abbrev_key unique (abbrev)
);
alter sequence patchwork_tag_id_seq owned by patchwork_tag.id;

create sequence patchwork_userprofile_id_seq as integer;
create table patchwork_userprofile (
    id integer default nextval('patchwork_userprofile_id_seq') not null,
    send_email boolean not null,
    items_per_page integer not null,
    show_ids boolean not null,
    user_id integer not null,
    constraint patchwork_userprofile_pkey primary key (id),
    constraint patchwork_userprofile_user_id_key unique (user_id),
    constraint patchwork_userprofile_items_per_page_check check ((items_per_page >= 0))
);
alter sequence patchwork_userprofile_id_seq owned by patchwork_userprofile.id;

create sequence patchwork_userprofile_maintainer_projects_id_seq as integer;
create table patchwork_userprofile_maintainer_projects (
    id integer default nextval('patchwork_userprofile_maintainer_projects_id_seq') not null,
    userprofile_id integer not null,
    project_id integer not null,
    constraint patchwork_userprofile_maintainer_projects_pkey primary key (id),
    constraint patchwork_userprofile_ma_userprofile_id_project_i_4fdb8d78_uniq unique (userprofile_id, project_id)
);
alter sequence patchwork_userprofile_maintainer_projects_id_seq owned by patchwork_userprofile_maintainer_projects.id;
