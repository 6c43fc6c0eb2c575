-- SPDX-License-Identifier: GPL-2.0-or-later
-- Patchwork's foreign keys: all deferred, so that a bad reference surfaces only
-- at commit.

alter table patchwork_bundle
    add constraint patchwork_bundle_owner_id_50e0dc92_fk_auth_user_id
    foreign key (owner_id) references auth_user(id)
    deferrable initially deferred;

alter table patchwork_bundle
    add constraint patchwork_bundle_project_id_e6033e8b_fk_patchwork_project_id
    foreign key (project_id) references patchwork_project(id)
    deferrable initially deferred;

alter table patchwork_bundlepatch
    add constraint patchwork_bundlepatch_bundle_id_387ecba8_fk_patchwork_bundle_id
    foreign key (bundle_id) references patchwork_bundle(id)
    deferrable initially deferred;

alter table patchwork_bundlepatch
    add constraint patchwork_bundlepatch_patch_id_c75a880f_fk_patchwork_patch_id
    foreign key (patch_id) references patchwork_patch(id)
    deferrable initially deferred;

alter table patchwork_check
    add constraint patchwork_check_patch_id_e517f972_fk_patchwork_patch_id
    foreign key (patch_id) references patchwork_patch(id)
    deferrable initially deferred;

alter table patchwork_check
    add constraint patchwork_check_user_id_95932343_fk_auth_user_id
    foreign key (user_id) references auth_user(id)
    deferrable initially deferred;

alter table patchwork_cover
    add constraint patchwork_cover_project_id_6143d2a9_fk_patchwork_project_id
    foreign key (project_id) references patchwork_project(id)
    deferrable initially deferred;

alter table patchwork_cover
    add constraint patchwork_cover_submitter_id_5903b7d7_fk_patchwork_person_id
    foreign key (submitter_id) references patchwork_person(id)
    deferrable initially deferred;

alter table patchwork_covercomment
    add constraint patchwork_covercomme_submitter_id_7464af32_fk_patchwork
    foreign key (submitter_id) references patchwork_person(id)
    deferrable initially deferred;

alter table patchwork_covercomment
    add constraint patchwork_covercomment_cover_id_c9e63a6a_fk_patchwork_cover_id
    foreign key (cover_id) references patchwork_cover(id)
    deferrable initially deferred;

alter table patchwork_delegationrule
    add constraint patchwork_delegation_project_id_9972d199_fk_patchwork
    foreign key (project_id) references patchwork_project(id)
    deferrable initially deferred;

alter table patchwork_delegationrule
    add constraint patchwork_delegationrule_user_id_6d2887eb_fk_auth_user_id
    foreign key (user_id) references auth_user(id)
    deferrable initially deferred;

alter table patchwork_emailconfirmation
    add constraint patchwork_emailconfirmation_user_id_3038a498_fk_auth_user_id
    foreign key (user_id) references auth_user(id)
    deferrable initially deferred;

alter table patchwork_event
    add constraint patchwork_event_actor_id_441d6c4c_fk_auth_user_id
    foreign key (actor_id) references auth_user(id)
    deferrable initially deferred;

alter table patchwork_event
    add constraint patchwork_event_cover_comment_id_861b3ec2_fk_patchwork
    foreign key (cover_comment_id) references patchwork_covercomment(id)
    deferrable initially deferred;

alter table patchwork_event
    add constraint patchwork_event_cover_id_70e5e19e_fk_patchwork_cover_id
    foreign key (cover_id) references patchwork_cover(id)
    deferrable initially deferred;

alter table patchwork_event
    add constraint patchwork_event_created_check_id_a1b2fdfe_fk_patchwork_check_id
    foreign key (created_check_id) references patchwork_check(id)
    deferrable initially deferred;

alter table patchwork_event
    add constraint patchwork_event_current_delegate_id_299ee6a2_fk_auth_user_id
    foreign key (current_delegate_id) references auth_user(id)
    deferrable initially deferred;

alter table patchwork_event
    add constraint patchwork_event_current_relation_id_24589e0e_fk_patchwork
    foreign key (current_relation_id) references patchwork_patchrelation(id)
    deferrable initially deferred;

alter table patchwork_event
    add constraint patchwork_event_current_state_id_b7470442_fk_patchwork_state_id
    foreign key (current_state_id) references patchwork_state(id)
    deferrable initially deferred;

alter table patchwork_event
    add constraint patchwork_event_patch_comment_id_4123011e_fk_patchwork
    foreign key (patch_comment_id) references patchwork_patchcomment(id)
    deferrable initially deferred;

alter table patchwork_event
    add constraint patchwork_event_patch_id_15d4004e_fk_patchwork_submission_id
    foreign key (patch_id) references patchwork_patch(id)
    deferrable initially deferred;

alter table patchwork_event
    add constraint patchwork_event_previous_delegate_id_35c46cd9_fk_auth_user_id
    foreign key (previous_delegate_id) references auth_user(id)
    deferrable initially deferred;

alter table patchwork_event
    add constraint patchwork_event_previous_relation_id_99308f2a_fk_patchwork
    foreign key (previous_relation_id) references patchwork_patchrelation(id)
    deferrable initially deferred;

alter table patchwork_event
    add constraint patchwork_event_previous_state_id_b68d9fe3_fk_patchwork
    foreign key (previous_state_id) references patchwork_state(id)
    deferrable initially deferred;

alter table patchwork_event
    add constraint patchwork_event_project_id_fda4f70d_fk_patchwork_project_id
    foreign key (project_id) references patchwork_project(id)
    deferrable initially deferred;

alter table patchwork_event
    add constraint patchwork_event_series_id_cfaff1bf_fk_patchwork_series_id
    foreign key (series_id) references patchwork_series(id)
    deferrable initially deferred;

alter table patchwork_patch
    add constraint patchwork_submission_delegate_id_4b8639b8_fk_auth_user_id
    foreign key (delegate_id) references auth_user(id)
    deferrable initially deferred;

alter table patchwork_patch
    add constraint patchwork_submission_project_id_c8588066_fk_patchwork
    foreign key (project_id) references patchwork_project(id)
    deferrable initially deferred;

alter table patchwork_patch
    add constraint patchwork_submission_related_id_2e3e66e8_fk_patchwork
    foreign key (related_id) references patchwork_patchrelation(id)
    deferrable initially deferred;

alter table patchwork_patch
    add constraint patchwork_submission_series_id_61c13d16_fk_patchwork_series_id
    foreign key (series_id) references patchwork_series(id)
    deferrable initially deferred;

alter table patchwork_patch
    add constraint patchwork_submission_state_id_947655b7_fk_patchwork_state_id
    foreign key (state_id) references patchwork_state(id)
    deferrable initially deferred;

alter table patchwork_patch
    add constraint patchwork_submission_submitter_id_5392485e_fk_patchwork
    foreign key (submitter_id) references patchwork_person(id)
    deferrable initially deferred;

alter table patchwork_patchchangenotification
    add constraint patchwork_patchchang_orig_state_id_23b89f55_fk_patchwork
    foreign key (orig_state_id) references patchwork_state(id)
    deferrable initially deferred;

alter table patchwork_patchchangenotification
    add constraint patchwork_patchchang_patch_id_8e2f2f8e_fk_patchwork
    foreign key (patch_id) references patchwork_patch(id)
    deferrable initially deferred;

alter table patchwork_patchcomment
    add constraint patchwork_comment_submitter_id_8cc363f6_fk_patchwork_person_id
    foreign key (submitter_id) references patchwork_person(id)
    deferrable initially deferred;

alter table patchwork_patchcomment
    add constraint patchwork_patchcomment_patch_id_53736bdc_fk_patchwork_patch_id
    foreign key (patch_id) references patchwork_patch(id)
    deferrable initially deferred;

alter table patchwork_patchtag
    add constraint patchwork_patchtag_patch_id_5fad6ac3_fk_patchwork_patch_id
    foreign key (patch_id) references patchwork_patch(id)
    deferrable initially deferred;

alter table patchwork_patchtag
    add constraint patchwork_patchtag_tag_id_c032f51c_fk_patchwork_tag_id
    foreign key (tag_id) references patchwork_tag(id)
    deferrable initially deferred;

alter table patchwork_person
    add constraint patchwork_person_user_id_64afdc84_fk_auth_user_id
    foreign key (user_id) references auth_user(id)
    deferrable initially deferred;

alter table patchwork_series
    add constraint patchwork_series_cover_letter_id_5d2ace1d_fk_patchwork_cover_id
    foreign key (cover_letter_id) references patchwork_cover(id)
    deferrable initially deferred;

alter table patchwork_series
    add constraint patchwork_series_project_id_e98b8d18_fk_patchwork_project_id
    foreign key (project_id) references patchwork_project(id)
    deferrable initially deferred;

alter table patchwork_series
    add constraint patchwork_series_submitter_id_2531ed68_fk_patchwork_person_id
    foreign key (submitter_id) references patchwork_person(id)
    deferrable initially deferred;

alter table patchwork_series_dependencies
    add constraint patchwork_series_dep_from_series_id_05621e2c_fk_patchwork
    foreign key (from_series_id) references patchwork_series(id)
    deferrable initially deferred;

alter table patchwork_series_dependencies
    add constraint patchwork_series_dep_to_series_id_aa9dc834_fk_patchwork
    foreign key (to_series_id) references patchwork_series(id)
    deferrable initially deferred;

alter table patchwork_seriesreference
    add constraint patchwork_seriesrefe_project_id_6a017a21_fk_patchwork
    foreign key (project_id) references patchwork_project(id)
    deferrable initially deferred;

alter table patchwork_seriesreference
    add constraint patchwork_seriesrefe_series_id_3e1f12a3_fk_patchwork
    foreign key (series_id) references patchwork_series(id)
    deferrable initially deferred;

alter table patchwork_userprofile
    add constraint patchwork_userprofile_user_id_b7122715_fk_auth_user_id
    foreign key (user_id) references auth_user(id)
    deferrable initially deferred;

alter table patchwork_userprofile_maintainer_projects
    add constraint patchwork_userprofil_project_id_8dd8b7fa_fk_patchwork
    foreign key (project_id) references patchwork_project(id)
    deferrable initially deferred;

alter table patchwork_userprofile_maintainer_projects
    add constraint patchwork_userprofil_userprofile_id_faed50d7_fk_patchwork
    foreign key (userprofile_id) references patchwork_userprofile(id)
    deferrable initially deferred;
