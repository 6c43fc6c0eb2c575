/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/pace.h"

guint
pm_pace_next(guint limit, guint n, gint64 usec, guint max)
{
	gint64 fitting = (gint64)n * PM_PACE_USEC / MAX(usec, 1);
	gint64 most = n < limit ? limit : 2 * (gint64)limit;

	return (guint)MIN(CLAMP(fitting, PM_PACE_MIN, MAX(most, PM_PACE_MIN)), max);
}
