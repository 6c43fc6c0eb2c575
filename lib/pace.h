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

typedef struct {
	guint limit; /* mails in the next transaction at most */
	guint max;   /* what limit never exceeds */
	guint was_n; /* the transaction before the last: its mails, 0: none */
	gint64 was_usec;
} PmPace;

void pm_pace_init(PmPace *pace, guint max);

/*
 * Sets the limit after a transaction stored n mails in so many microseconds: at most
 * twice what it was, and no more than before where n was less, for then nothing was tried.
 * Where fewer mails took nearly as long as many (what costs is not the mails, but a
 * cluster of thousands that each of them is in) it goes back to many.
 */
void pm_pace_note(PmPace *pace, guint n, gint64 usec);
