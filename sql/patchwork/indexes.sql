-- SPDX-License-Identifier: GPL-2.0-or-later
-- Patchwork's indexes besides those of its constraints.

create index auth_user_username_6821ab7c_like
    on auth_user (username varchar_pattern_ops);

create index patchwork_bundle_owner_id_50e0dc92
    on patchwork_bundle (owner_id);

create index patchwork_bundle_project_id_e6033e8b
    on patchwork_bundle (project_id);

create index patchwork_bundlepatch_bundle_id_387ecba8
    on patchwork_bundlepatch (bundle_id);

create index patchwork_bundlepatch_patch_id_c75a880f
    on patchwork_bundlepatch (patch_id);

create index patchwork_check_context_b15aabef
    on patchwork_check (context);

create index patchwork_check_context_b15aabef_like
    on patchwork_check (context varchar_pattern_ops);

create index patchwork_check_patch_id_e517f972
    on patchwork_check (patch_id);

create index patchwork_check_user_id_95932343
    on patchwork_check (user_id);

create index cover_covering_idx
    on patchwork_cover (date, project_id, submitter_id, name);

create index patchwork_cover_project_id_6143d2a9
    on patchwork_cover (project_id);

create index patchwork_cover_submitter_id_5903b7d7
    on patchwork_cover (submitter_id);

create index cover_date_idx
    on patchwork_covercomment (cover_id, date);

create index patchwork_covercomment_cover_id_c9e63a6a
    on patchwork_covercomment (cover_id);

create index patchwork_covercomment_submitter_id_7464af32
    on patchwork_covercomment (submitter_id);

create index patchwork_delegationrule_project_id_9972d199
    on patchwork_delegationrule (project_id);

create index patchwork_delegationrule_user_id_6d2887eb
    on patchwork_delegationrule (user_id);

create index patchwork_emailconfirmation_user_id_3038a498
    on patchwork_emailconfirmation (user_id);

create index patchwork_emailoptout_email_8eeeb92b_like
    on patchwork_emailoptout (email varchar_pattern_ops);

create index patchwork_event_actor_id_441d6c4c
    on patchwork_event (actor_id);

create index patchwork_event_category_28fbc859
    on patchwork_event (category);

create index patchwork_event_category_28fbc859_like
    on patchwork_event (category varchar_pattern_ops);

create index patchwork_event_cover_comment_id_861b3ec2
    on patchwork_event (cover_comment_id);

create index patchwork_event_cover_id_70e5e19e
    on patchwork_event (cover_id);

create index patchwork_event_created_check_id_a1b2fdfe
    on patchwork_event (created_check_id);

create index patchwork_event_current_delegate_id_299ee6a2
    on patchwork_event (current_delegate_id);

create index patchwork_event_current_relation_id_24589e0e
    on patchwork_event (current_relation_id);

create index patchwork_event_current_state_id_b7470442
    on patchwork_event (current_state_id);

create index patchwork_event_patch_comment_id_4123011e
    on patchwork_event (patch_comment_id);

create index patchwork_event_patch_id_15d4004e
    on patchwork_event (patch_id);

create index patchwork_event_previous_delegate_id_35c46cd9
    on patchwork_event (previous_delegate_id);

create index patchwork_event_previous_relation_id_99308f2a
    on patchwork_event (previous_relation_id);

create index patchwork_event_previous_state_id_b68d9fe3
    on patchwork_event (previous_state_id);

create index patchwork_event_project_id_fda4f70d
    on patchwork_event (project_id);

create index patchwork_event_series_id_cfaff1bf
    on patchwork_event (series_id);

create index patch_covering_idx
    on patchwork_patch (archived, state_id, delegate_id, date, project_id, submitter_id, name);

create index patchwork_patch_delegate_id_8f7ce805
    on patchwork_patch (delegate_id);

create index patchwork_patch_hash_63faf527
    on patchwork_patch (hash);

create index patchwork_patch_related_id_9cbd6508
    on patchwork_patch (related_id);

create index patchwork_patch_series_id_1a73f59a
    on patchwork_patch (series_id);

create index patchwork_patch_state_id_3d9fb500
    on patchwork_patch (state_id);

create index patchwork_submission_project_id_c8588066
    on patchwork_patch (project_id);

create index patchwork_submission_submitter_id_5392485e
    on patchwork_patch (submitter_id);

create index patchwork_patchchangenotification_orig_state_id_23b89f55
    on patchwork_patchchangenotification (orig_state_id);

create index patch_date_idx
    on patchwork_patchcomment (patch_id, date);

create index patchwork_comment_submission_id_69e4e741
    on patchwork_patchcomment (patch_id);

create index patchwork_comment_submitter_id_8cc363f6
    on patchwork_patchcomment (submitter_id);

create index patchwork_patchtag_patch_id_5fad6ac3
    on patchwork_patchtag (patch_id);

create index patchwork_patchtag_tag_id_c032f51c
    on patchwork_patchtag (tag_id);

create index patchwork_person_email_86168e32_like
    on patchwork_person (email varchar_pattern_ops);

create index patchwork_person_user_id_64afdc84
    on patchwork_person (user_id);

create index patchwork_project_linkname_1824e309_like
    on patchwork_project (linkname varchar_pattern_ops);

create index patchwork_project_name_eea9416c_like
    on patchwork_project (name varchar_pattern_ops);

create index patchwork_series_project_id_e98b8d18
    on patchwork_series (project_id);

create index patchwork_series_submitter_id_2531ed68
    on patchwork_series (submitter_id);

create index patchwork_series_dependencies_from_series_id_05621e2c
    on patchwork_series_dependencies (from_series_id);

create index patchwork_series_dependencies_to_series_id_aa9dc834
    on patchwork_series_dependencies (to_series_id);

create index patchwork_seriesreference_project_id_6a017a21
    on patchwork_seriesreference (project_id);

create index patchwork_seriesreference_series_id_3e1f12a3
    on patchwork_seriesreference (series_id);

create index patchwork_state_name_ae39e254_like
    on patchwork_state (name varchar_pattern_ops);

create index patchwork_state_slug_67d2fa1e_like
    on patchwork_state (slug varchar_pattern_ops);

create index patchwork_tag_abbrev_1a2261bb_like
    on patchwork_tag (abbrev varchar_pattern_ops);

create index patchwork_userprofile_main_userprofile_id_faed50d7
    on patchwork_userprofile_maintainer_projects (userprofile_id);

create index patchwork_userprofile_maintainer_projects_project_id_8dd8b7fa
    on patchwork_userprofile_maintainer_projects (project_id);
