/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/mail/transfer.h"
#include "lib/text/header.h"

/*
 * The leaf parts of a mail, in order, those of attached mails included. This is
 * where GMime is used: for the structure of multiparts and for MIME headers.
 */

/* Mails attached to mails are opened to this depth. */
#define PM_MIME_DEPTH_MAX 16

/* A leaf; everything in it is borrowed and valid during the visit only. */
typedef struct {
	const char *type;     /* "text/plain", lower case */
	const char *charset;  /* or NULL */
	const char *filename; /* or NULL */
	gboolean is_flowed;
	gboolean has_delsp;
	PmTransfer transfer;
	const char *bytes; /* still encoded */
	size_t len;
} PmMimePart;

typedef void (*PmMimeVisit)(const PmMimePart *part, void *user);

/* Once, before threads are started. */
void pm_mime_init(void);

/*
 * Visits the parts of mail[0, len), whose headers are given and whose body
 * starts at body. FALSE and PM_ERROR_PERMANENT_MAIL where the mail has
 * more than PM_MAIL_PARTS_MAX parts or would take too long to take apart.
 */
gboolean pm_mime_walk(const char *mail, size_t len, const PmHeaders *headers, size_t body,
		      PmMimeVisit visit, void *user, GError **error);
