/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/pace.h"

void
pm_pace_init(PmPace *pace, guint max)
{
	*pace = (PmPace){.limit = MIN(PM_PACE_FIRST, max), .max = max};
}

/* Whether less than half of the time was saved that fewer mails should have. */
static gboolean
is_in_vain(const PmPace *pace, guint n, gint64 usec)
{
	return n < pace->was_n && usec > PM_PACE_USEC &&
	       (double)usec * 2 * pace->was_n >
		       (double)pace->was_usec * (pace->was_n + n);
}

void
pm_pace_note(PmPace *pace, guint n, gint64 usec)
{
	gint64 fitting = (gint64)n * PM_PACE_USEC / MAX(usec, 1);
	gint64 most = n < pace->limit ? pace->limit : 2 * (gint64)pace->limit;

	if (is_in_vain(pace, n, usec)) {
		pace->limit = MIN(pace->was_n, pace->max);
		pace->was_n = 0;
		return;
	}
	pace->limit = (guint)MIN(CLAMP(fitting, PM_PACE_MIN, MAX(most, PM_PACE_MIN)),
				 pace->max);
	pace->was_n = n;
	pace->was_usec = usec;
}
