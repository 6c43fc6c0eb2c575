/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reply table. Codes are RFC 5321's, 4.2 (552, 555, 553: 4.1.1.11, RFC 1870, RFC 6531),
 * enhanced codes RFC 3463's. Some clients only look at the codes, but people read the
 * texts in bounces and logs: each says what to do about it where something can be done.
 */
#include "daemon/lmtp-reply.h"

#include <string.h>

/* RFC 5321, 4.5.3.1.5, with the CRLF. */
#define REPLY_LINE_MAX 512

typedef struct {
	const char *name;
	guint code;
	const char *enhanced;
	const char *text;
} Row;

static const Row rows[PM_LMTP_N_REPLIES] = {
	[PM_LMTP_REPLY_GREETING] = {"greeting", 220, "", "LMTP ready"},
	[PM_LMTP_REPLY_CAPABILITIES] = {"capabilities", 250, "", "Hello"},
	[PM_LMTP_REPLY_BYE] = {"bye", 221, "2.0.0", "Bye"},
	[PM_LMTP_REPLY_HELP] = {"help", 214, "2.0.0",
				"LHLO MAIL RCPT DATA BDAT RSET NOOP VRFY STARTTLS QUIT"},
	[PM_LMTP_REPLY_TLS_READY] = {"tls-ready", 220, "2.0.0", "Ready to start TLS"},
	[PM_LMTP_REPLY_OK] = {"ok", 250, "2.0.0", "OK"},
	[PM_LMTP_REPLY_SENDER_OK] = {"sender-ok", 250, "2.1.0", "Sender OK"},
	[PM_LMTP_REPLY_CHUNK_OK] = {"chunk-ok", 250, "2.0.0", "Chunk received"},
	[PM_LMTP_REPLY_CANNOT_VERIFY] = {"cannot-verify", 252, "2.0.0",
					 "Cannot verify, try RCPT"},
	[PM_LMTP_REPLY_SEND_DATA] = {"send-data", 354, "", "End data with CR LF . CR LF"},

	[PM_LMTP_REPLY_TOO_MANY_ERRORS] = {"too-many-errors", 421, "4.7.0",
					   "Too many bad commands, closing"},
	[PM_LMTP_REPLY_TOO_MANY_RECIPIENTS] =
		{"too-many-recipients", 452, "4.5.3",
		 "Too many recipients, send the rest later"},

	[PM_LMTP_REPLY_UNKNOWN_COMMAND] = {"unknown-command", 500, "5.5.2",
					   "Command not recognized"},
	[PM_LMTP_REPLY_NOT_SMTP] = {"not-smtp", 500, "5.5.1",
				    "This is LMTP, not SMTP: say LHLO"},
	[PM_LMTP_REPLY_BAD_LINE_END] = {"bad-line-end", 500, "5.5.2",
					"Commands end with CR LF, not with LF alone"},
	[PM_LMTP_REPLY_CONTROL_BYTE] = {"control-byte", 500, "5.5.2",
					"Control character in command"},
	[PM_LMTP_REPLY_LINE_TOO_LONG] = {"line-too-long", 500, "5.5.2",
					 "Command line too long"},
	[PM_LMTP_REPLY_BAD_ARGUMENT] = {"bad-argument", 501, "5.5.4",
					"Syntax error in arguments"},
	[PM_LMTP_REPLY_BAD_SENDER] = {"bad-sender", 501, "5.1.7",
				      "Sender is not <local@domain>"},
	[PM_LMTP_REPLY_BAD_RECIPIENT] = {"bad-recipient", 501, "5.1.3",
					 "Recipient is not <local@domain>"},
	[PM_LMTP_REPLY_BAD_PARAMETER] = {"bad-parameter", 501, "5.5.4",
					 "Parameter with a wrong value, or given twice"},
	[PM_LMTP_REPLY_NOT_OFFERED] = {"not-offered", 502, "5.5.1", "Not offered here"},
	[PM_LMTP_REPLY_BAD_SEQUENCE] = {"bad-sequence", 503, "5.5.1",
					"Command not allowed now"},
	[PM_LMTP_REPLY_TLS_REQUIRED] = {"tls-required", 530, "5.7.0",
					"Must issue a STARTTLS command first"},
	[PM_LMTP_REPLY_TOO_LARGE] = {"too-large", 552, "5.3.4",
				     "Message larger than the limit"},
	[PM_LMTP_REPLY_OTHER_DATABASE] = {"other-database", 550, "5.3.5",
					  "This is for another database"},
	[PM_LMTP_REPLY_UTF8_ADDRESS] = {"utf8-address", 553, "5.6.7",
					"Address needs valid UTF-8 and SMTPUTF8"},
	[PM_LMTP_REPLY_UNKNOWN_PARAMETER] = {"unknown-parameter", 555, "5.5.4",
					     "Parameter not recognized"},

	[PM_LMTP_REPLY_RECIPIENT_OK] = {"recipient-ok", 250, "2.1.5", "Recipient OK"},
	[PM_LMTP_REPLY_STORED] = {"stored", 250, "2.0.0", "Stored"},
	[PM_LMTP_REPLY_NO_SUCH_RECIPIENT] = {"no-such-recipient", 550, "5.1.1",
					     "No such recipient"},
	[PM_LMTP_REPLY_TRY_AGAIN] = {"try-again", 451, "4.3.0",
				     "Could not store it now, try again later"},
	[PM_LMTP_REPLY_OUT_OF_SPACE] = {"out-of-space", 452, "4.3.1",
					"Insufficient storage, try again later"},

	[PM_LMTP_REPLY_SHUTTING_DOWN] = {"shutting-down", 421, "4.3.2",
					 "Shutting down, try again later"},
	[PM_LMTP_REPLY_IDLE] = {"idle", 421, "4.4.2", "Idle for too long, closing"},
	[PM_LMTP_REPLY_TOO_MANY_SESSIONS] = {"too-many-sessions", 421, "4.3.2",
					     "Too many sessions, try again later"},
	[PM_LMTP_REPLY_NOT_ALLOWED] = {"not-allowed", 554, "5.7.1",
				       "You may not connect here"},
};

static const Row *
row_of(PmLmtpReply reply)
{
	g_assert(reply < PM_LMTP_N_REPLIES && rows[reply].name != NULL);
	return &rows[reply];
}

const char *
pm_lmtp_reply_to_string(PmLmtpReply reply)
{
	return row_of(reply)->name;
}

guint
pm_lmtp_reply_code(PmLmtpReply reply)
{
	return row_of(reply)->code;
}

const char *
pm_lmtp_reply_enhanced(PmLmtpReply reply)
{
	return row_of(reply)->enhanced;
}

gboolean
pm_lmtp_reply_is_success(PmLmtpReply reply)
{
	return row_of(reply)->code / 100 == 2;
}

static void
append_line(GString *out, const Row *row, char separator, const char *text, size_t len)
{
	size_t start = out->len;

	g_string_append_printf(out, "%u%c%s%s", row->code, separator, row->enhanced,
			       row->enhanced[0] != '\0' ? " " : "");
	len = MIN(len, REPLY_LINE_MAX - 2 - (out->len - start));
	for (size_t i = 0; i < len; i++)
		g_string_append_c(out, g_ascii_isprint(text[i]) ? text[i] : '?');
	g_string_append(out, "\r\n");
}

void
pm_lmtp_reply_append(GString *out, PmLmtpReply reply, const char *text)
{
	const Row *row = row_of(reply);
	const char *rest = text != NULL ? text : row->text;
	const char *end = NULL;

	while (reply == PM_LMTP_REPLY_CAPABILITIES &&
	       (end = strchr(rest, '\n')) != NULL) {
		append_line(out, row, '-', rest, end - rest);
		rest = end + 1;
	}
	append_line(out, row, ' ', rest, strlen(rest));
}
