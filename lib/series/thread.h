/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * What the mails of threads lead to: a pure function of the set, in whatever order it
 * is passed. Mails that refer to each other in a circle count as one.
 */

/* No mail: the end of what leads nowhere, and a reference that nobody looks up. */
#define PM_THREAD_NONE G_MAXUINT

typedef enum {
	PM_THREAD_MAIL,	      /* leads to where its references lead */
	PM_THREAD_SUBMISSION, /* is what others lead to; leads upwards itself */
	PM_THREAD_DECIDED,    /* leads somewhere that is known: `leads`, `is_open` */
} PmThreadKind;

typedef struct {
	const char *msgid; /* distinct */
	PmThreadKind kind;
	const guint *refs; /* indices, nearest first; PM_THREAD_NONE: a mail not seen */
	guint n_refs;
	gboolean leads;	  /* DECIDED: to a submission */
	gboolean is_open; /* DECIDED: given; others: leads nowhere, but a mail on its way
			     up has not been seen */
	guint end; /* result: the first submission, or decided mail that leads to one, on
		      the way up, never the mail itself; or PM_THREAD_NONE */
} PmThreadMail;

/* Fills end and is_open of those that are not decided. Linear, without recursion. */
void pm_thread_resolve(PmThreadMail *mails, guint n);
