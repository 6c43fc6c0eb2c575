/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

#include "lib/text/pattern.h"

/* What classification must know of a project (a row of patchwork_project). */
typedef struct {
	int id;
	char *linkname;
	char *list_id;
	char *list_email;
	PmPattern *subject_match; /* NULL where empty */
	gboolean use_tags;
	gboolean supersedes; /* patches of replaced series get the state Superseded */
} PmProject;

void pm_project_free(PmProject *project);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmProject, pm_project_free)
