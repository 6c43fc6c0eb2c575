/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Every reply that the LMTP daemon ever gives: its code, its enhanced status code
 * (RFC 3463) and a text, in one table, so that what is temporary and what is final
 * can be read in one place. A 4xx makes the client keep the mail and try again, a 5xx
 * makes it bounce: 5xx is only for what no retry will heal.
 */
typedef enum {
	/* of the protocol, given by the engine itself */
	PM_LMTP_REPLY_GREETING,
	PM_LMTP_REPLY_CAPABILITIES,
	PM_LMTP_REPLY_BYE,
	PM_LMTP_REPLY_HELP,
	PM_LMTP_REPLY_TLS_READY,
	PM_LMTP_REPLY_OK,
	PM_LMTP_REPLY_SENDER_OK,
	PM_LMTP_REPLY_CHUNK_OK,
	PM_LMTP_REPLY_CANNOT_VERIFY,
	PM_LMTP_REPLY_SEND_DATA,
	PM_LMTP_REPLY_TOO_MANY_ERRORS,
	PM_LMTP_REPLY_TOO_MANY_RECIPIENTS,
	PM_LMTP_REPLY_UNKNOWN_COMMAND,
	PM_LMTP_REPLY_NOT_SMTP,
	PM_LMTP_REPLY_BAD_LINE_END,
	PM_LMTP_REPLY_CONTROL_BYTE,
	PM_LMTP_REPLY_LINE_TOO_LONG,
	PM_LMTP_REPLY_BAD_ARGUMENT,
	PM_LMTP_REPLY_BAD_SENDER,
	PM_LMTP_REPLY_BAD_RECIPIENT,
	PM_LMTP_REPLY_BAD_PARAMETER,
	PM_LMTP_REPLY_NOT_OFFERED,
	PM_LMTP_REPLY_BAD_SEQUENCE,
	PM_LMTP_REPLY_TLS_REQUIRED,
	PM_LMTP_REPLY_TOO_LARGE,
	PM_LMTP_REPLY_OTHER_DATABASE,
	PM_LMTP_REPLY_UTF8_ADDRESS,
	PM_LMTP_REPLY_UNKNOWN_PARAMETER,
	/* of whoever uses the engine: a recipient judged, a message's outcome */
	PM_LMTP_REPLY_RECIPIENT_OK,
	PM_LMTP_REPLY_STORED,
	PM_LMTP_REPLY_NO_SUCH_RECIPIENT,
	PM_LMTP_REPLY_TRY_AGAIN,
	PM_LMTP_REPLY_OUT_OF_SPACE,
	/* of whoever uses the engine, for pm_lmtp_shut_down() */
	PM_LMTP_REPLY_SHUTTING_DOWN,
	PM_LMTP_REPLY_IDLE,
	PM_LMTP_REPLY_TOO_MANY_SESSIONS,
	PM_LMTP_REPLY_NOT_ALLOWED,
	PM_LMTP_N_REPLIES,
} PmLmtpReply;

/* The name used in logs: "stored", "try-again". (transfer none) */
const char *pm_lmtp_reply_to_string(PmLmtpReply reply);

/* Its three-digit code. */
guint pm_lmtp_reply_code(PmLmtpReply reply);

/* Its enhanced status code; "" where RFC 2034 wants none (greeting, 354). (transfer
 * none) */
const char *pm_lmtp_reply_enhanced(PmLmtpReply reply);

/* Whether it is a 2xx: accepted, stored. */
gboolean pm_lmtp_reply_is_success(PmLmtpReply reply);

/*
 * Appends the reply as one line with CRLF. text (nullable: the table's own) may be
 * anything, also what a mail said: bytes that are not printable ASCII become "?", and
 * the line is cut to the 512 octets of RFC 5321, 4.5.3.1.5. Only in
 * PM_LMTP_REPLY_CAPABILITIES does a line feed begin a further line.
 */
void pm_lmtp_reply_append(GString *out, PmLmtpReply reply, const char *text);
