/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/progress.h"

#include <stdio.h>
#include <unistd.h>

enum { INTERVAL = G_USEC_PER_SEC / 5 };

void
pm_progress_init(PmProgress *progress, gboolean is_wanted)
{
	*progress = (PmProgress){
		.is_on = is_wanted && isatty(STDERR_FILENO),
		.started = g_get_monotonic_time(),
	};
}

void
pm_progress_update(PmProgress *progress, guint64 mails, guint64 done, guint64 total)
{
	gint64 now = g_get_monotonic_time();
	double seconds = (double)(now - progress->started) / G_USEC_PER_SEC;

	if (!progress->is_on || now - progress->last < INTERVAL)
		return;
	progress->last = now;
	fprintf(stderr, "\r\033[K%" G_GUINT64_FORMAT " mails, %.0f/s", mails,
		seconds > 0 ? (double)mails / seconds : 0.0);
	if (total > 0 && done > 0 && done <= total) {
		double left = seconds * (double)(total - done) / (double)done;

		fprintf(stderr, ", %d %%, %d:%02d left",
			(int)(100.0 * (double)done / (double)total), (int)left / 60,
			(int)left % 60);
	}
	fflush(stderr);
}

void
pm_progress_wipe(PmProgress *progress)
{
	if (!progress->is_on || progress->last == 0)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
}
