/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/lmtp-reply.h"
#include "lib/writers.h"

/*
 * From a message and its recipients to one answer each: reads the mail once, stores it
 * for each project that is meant, and says what became of it. Knows outcomes and
 * replies, not the protocol; the one table from the one to the other is here.
 */

/* What is said of one recipient, and what the log says of it. */
typedef struct {
	PmLmtpReply reply;
	char *text;	   /* "patch 12 in series 3"; NULL: the reply's own */
	PmOutcome outcome; /* NONE where the answer is temporary or a refusal */
	char *project;	   /* linkname, or NULL */
	char *reason;	   /* or NULL */
} PmAnswer;

void pm_answer_clear(PmAnswer *answer);

typedef struct {
	PmWriters *writers;
	gboolean is_mapped;	/* recipients name projects */
	const char *delimiters; /* [routing] recipient-delimiter */
	/* Instead of what the mail says; NULL: none. Where recipients are mapped they go
	 * before it. */
	const char *list_id;
} PmDelivery;

/*
 * Whether mail for this recipient is taken. FALSE fills in the refusal: 550 where recipients
 * are mapped and nobody has this address. While the database is away everybody is
 * taken, and the data gets 451. answer_out is to be cleared.
 */
gboolean pm_delivery_takes(const PmDelivery *delivery, const char *recipient,
			   PmAnswer *answer_out);

/*
 * Delivers bytes to n recipients; answers[0, n) are filled in, each to be cleared. msgid_out
 * receives the Message-ID or NULL (transfer full). Waits for the commit. Needs
 * PM_MAIL_STACK_SIZE of stack.
 */
void pm_delivery_run(const PmDelivery *delivery, GBytes *bytes,
		     const char *const *recipients, guint n, PmAnswer *answers,
		     char **msgid_out);
