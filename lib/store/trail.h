/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/series/project.h"
#include "lib/series/thread.h"

/*
 * Mails whose references are followed until they end in a project. Internal to
 * lib/store.
 */
typedef struct {
	GArray *mails;	     /* of PmThreadMail */
	GPtrArray *projects; /* of PmProject: where a mail is at an end; else NULL */
	GArray *refs;	     /* of guint */
	GArray *firsts;	     /* of guint: where the references of a mail begin */
} PmTrail;

PmTrail *pm_trail_new(void);
void pm_trail_free(PmTrail *trail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmTrail, pm_trail_free)

/* A mail whose references are to be followed, or (with a project) one that is an end.
 * msgid is borrowed. Returns its place. */
guint pm_trail_add(PmTrail *trail, const char *msgid, const PmProject *project);

/* The mail at place i refers to the one at ref, or to none that is known (PM_THREAD_NONE).
 * All of one mail before the next one's, nearest first. */
void pm_trail_refer(PmTrail *trail, guint i, guint ref);

void pm_trail_resolve(PmTrail *trail);

/* Where a mail ends; NULL: nowhere. (transfer none) */
const PmProject *pm_trail_end(const PmTrail *trail, guint i);
