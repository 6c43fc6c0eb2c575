/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/mail/mime.h"

/* The text of a mail as rows hold it: parts joined into comment and diff. */
typedef struct {
	gboolean keeps_diff; /* set by the caller: a diff is not taken out of the text */
	gboolean is_cover;   /* set by the caller: attached patches are text, too */
	gboolean is_crlf;    /* set by the caller: all lines end in CRLF, by transport */
	GString *comment;    /* a cleaned chunk and a line end for each text part */
	GString *diff;	     /* or NULL */
	size_t inline_len;   /* so much of diff stood within text */
	gboolean is_lossy;
	char *plain; /* the text that diff was taken out of, or NULL */
	size_t plain_len;
	gboolean is_changed; /* plain is not what stood in the mail, decoded */
	GPtrArray *parts; /* of PmMailPart */
} PmBody;

void pm_body_init(PmBody *body);
void pm_body_clear(PmBody *body);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmBody, pm_body_clear)

/* A PmMimeVisit; user is the PmBody. */
void pm_body_add(const PmMimePart *part, void *user);
