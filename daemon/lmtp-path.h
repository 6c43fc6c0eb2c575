/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/lmtp.h"

/*
 * The arguments of MAIL and RCPT: FROM:<path> and TO:<path> with parameters behind them.
 * Pure; the text has no NUL, CR or LF. Each function returns PM_LMTP_REPLY_OK, or the
 * reply that says what is wrong and leaves what it was to fill in untouched.
 */

/* Octets of an address at most. RFC 5321 wants 64 + 1 + 255 at least; senders that
 * carry a recipient's address in their own (VERP) have more before the @. */
#define PM_LMTP_ADDRESS_MAX 512

/* What MAIL's parameters say; of RCPT's there is only orcpt. */
typedef struct {
	guint64 size; /* 0: unsaid */
	PmLmtpBody body;
	gboolean is_smtputf8;
	char *envid;	/* nullable */
	char *database; /* nullable */
	char *list_id;	/* nullable */
	char *orcpt;	/* nullable */
} PmLmtpParameters;

void pm_lmtp_parameters_clear(PmLmtpParameters *parameters);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmLmtpParameters, pm_lmtp_parameters_clear)

typedef enum {
	PM_LMTP_OF_MAIL = 1 << 0,
	PM_LMTP_OF_RCPT = 1 << 1,
} PmLmtpParameterPlace;

/*
 * Parses "FROM:<path> parameters": *sender_out is "" for the null sender (transfer full),
 * *parameters_out is to be cleared.
 */
PmLmtpReply pm_lmtp_parse_mail(const char *text, size_t len, char **sender_out,
			       PmLmtpParameters *parameters_out);

/* Parses "TO:<path> parameters". (transfer full) */
PmLmtpReply pm_lmtp_parse_rcpt(const char *text, size_t len, gboolean is_smtputf8,
			       PmLmtpRecipient **recipient_out);

void pm_lmtp_recipient_free(PmLmtpRecipient *recipient);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmLmtpRecipient, pm_lmtp_recipient_free)

/*
 * Parses parameters, parted by blanks, of that command; lmtp-params.c says which there are.
 */
PmLmtpReply pm_lmtp_parse_parameters(const char *text, size_t len,
				     PmLmtpParameterPlace place,
				     PmLmtpParameters *parameters_out);

/* Digits and nothing else. What is larger than a guint64 becomes G_MAXUINT64. FALSE where
 * it is no number. */
gboolean pm_lmtp_parse_number(const char *text, size_t len, guint64 *number_out);
