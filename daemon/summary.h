/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/command.h"

/* What became of the mails of one run, counted as they come out. */
typedef struct {
	guint64 mails, bytes;
	guint64 outcomes[PM_OUTCOME_COUNT];
	GHashTable *series; /* set of series ids that mails were put into */
	gint64 started;	    /* monotonic microseconds */
} PmSummary;

void pm_summary_init(PmSummary *summary);
void pm_summary_clear(PmSummary *summary);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmSummary, pm_summary_clear)

void pm_summary_add(PmSummary *summary, const PmEntry *entry);
double pm_summary_seconds(const PmSummary *summary);

/* "mails=5 patches=3 …": all that is not 0, in one line. (transfer full) */
char *pm_summary_line(const PmSummary *summary);

/* One line a kind, or one JSON object. */
void pm_summary_print(const PmSummary *summary, gboolean json);
