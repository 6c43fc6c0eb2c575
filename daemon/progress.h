/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * One line on a terminal that is written over: mails, rate, share, time left. Silent
 * where standard error is no terminal.
 */
typedef struct {
	gboolean is_on;
	gint64 started, last; /* monotonic microseconds */
} PmProgress;

void pm_progress_init(PmProgress *progress, gboolean is_wanted);
/* done and total are bytes; total 0: unknown. At most five times a second. */
void pm_progress_update(PmProgress *progress, guint64 mails, guint64 done, guint64 total);
/* Wipes the line, before anything else is printed. */
void pm_progress_wipe(PmProgress *progress);

/*
 * Does work(data), one long step after the other, and returns what it returns. Where standard
 * error is a terminal and is_wanted, what *doing names (a literal, set by the work as it goes) is
 * shown with the time it takes, from the third second on. The work then runs in a thread.
 */
gpointer pm_progress_while(gboolean is_wanted, GThreadFunc work, gpointer data,
			   const char **doing);
