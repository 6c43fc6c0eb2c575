/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/* Paging and colours as git does them: only where standard output is a terminal. */

typedef enum {
	PM_COLOUR_NONE,
	PM_COLOUR_HEADING, /* yellow */
	PM_COLOUR_GOOD,	   /* green */
	PM_COLOUR_BAD,	   /* red */
	PM_COLOUR_FAINT,
} PmColour;

/*
 * Sends what is printed from now on through $PATCHMAIL_PAGER, $PAGER or less, where standard
 * output is a terminal and is_wanted; "" and "cat" mean none. Decides about colours, too: NO_COLOR
 * (not empty) and TERM=dumb mean none.
 */
void pm_terminal_begin(gboolean is_wanted);
/* Waits until the pager has been left; nothing where there is none. */
void pm_terminal_end(void);

/* What switches to a colour, and PM_COLOUR_NONE back; "" where there are none. */
const char *pm_terminal_colour(PmColour colour);

/* Text of strangers without control characters and escapes. (transfer full) */
char *pm_terminal_clean(const char *text);
