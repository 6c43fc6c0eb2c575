/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * How many mails go into one transaction of a replay, so that it takes about a tenth of a
 * second. A transaction holds the lock of its projects, and who waits for the lock gets in
 * before the next one does: so no delivery waits longer for a replay than that,
 * whatever the machine.
 */
enum {
	PM_PACE_USEC = 100 * 1000, /* what a transaction should take */
	PM_PACE_FIRST = 32,	   /* mails of the first one, of which nothing is known */
	PM_PACE_MIN = 8, /* fewer make it no shorter: that is the commit's time */
};

/*
 * The limit for the next transaction, after one with this limit stored n mails in so
 * many microseconds: at most max, at most twice the limit, and no more than before where
 * n was less than the limit, for then nothing was tried.
 */
guint pm_pace_next(guint limit, guint n, gint64 usec, guint max);
