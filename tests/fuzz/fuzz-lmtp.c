/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The LMTP engine: whatever a client sends, and however it is cut, the replies, events
 * and messages are the same, no message is larger than the limit, and each command and
 * each recipient of a message has its reply (which the engine itself asserts).
 *
 * The first byte of the input chooses options and the size of the pieces; the rest is what
 * the client sends. A "%" ends what is fed at a time; a handshake that STARTTLS asked for
 * is over there.
 */
#include <string.h>

#include "daemon/lmtp.h"
#include "tests/fuzz/target.h"

#define SIZE_MAX_MESSAGE 300

/* What the session came to. */
typedef struct {
	GString *replies;
	GString *events;
	guint64 recipients; /* of messages */
} Trace;

/* Decided by the address alone, so that it does not depend on the pieces. */
static void
judge(PmLmtp *lmtp)
{
	const PmLmtpRecipient *recipient = pm_lmtp_recipient(lmtp);
	gboolean is_known = recipient->address[0] != 'x';

	g_assert_true(g_utf8_validate(recipient->address, -1, NULL));
	g_assert_cmpuint(strlen(recipient->address), >, 0);
	g_assert_nonnull(pm_lmtp_sender(lmtp));
	if (recipient->orcpt != NULL)
		g_assert_true(g_utf8_validate(recipient->orcpt, -1, NULL));
	pm_lmtp_answer_recipient(lmtp,
				 is_known ? PM_LMTP_REPLY_RECIPIENT_OK
					  : PM_LMTP_REPLY_NO_SUCH_RECIPIENT,
				 recipient->address);
}

static void
take(PmLmtp *lmtp, Trace *trace, gboolean is_too_large)
{
	g_autoptr(PmLmtpMessage) message = pm_lmtp_take_message(lmtp);

	g_assert_nonnull(message);
	g_assert_cmpuint(message->recipients->len, >, 0);
	g_assert_cmpint(message->bytes == NULL, ==, is_too_large);
	g_assert_cmpint(message->size > SIZE_MAX_MESSAGE, ==, is_too_large);
	trace->recipients += message->recipients->len;
	if (is_too_large)
		return;
	g_string_append_len(trace->events, g_bytes_get_data(message->bytes, NULL),
			    g_bytes_get_size(message->bytes));
	g_assert_cmpuint(pm_lmtp_answers_wanted(lmtp), ==, message->recipients->len);
	while (pm_lmtp_answers_wanted(lmtp) > 0)
		pm_lmtp_answer_message(lmtp, PM_LMTP_REPLY_STORED, message->sender);
}

static void
act(PmLmtp *lmtp, PmLmtpEvent event, Trace *trace)
{
	g_string_append_printf(trace->events, "\n%s\n", pm_lmtp_event_to_string(event));
	if (event == PM_LMTP_RECIPIENT)
		judge(lmtp);
	else if (event == PM_LMTP_MESSAGE || event == PM_LMTP_TOO_LARGE)
		take(lmtp, trace, event == PM_LMTP_TOO_LARGE);
}

/* The client's bytes between two handshakes. */
static void
feed(PmLmtp *lmtp, const char *bytes, size_t len, size_t piece, Trace *trace)
{
	gboolean was_told = FALSE;

	for (size_t pos = 0; pos < len;) {
		size_t n = MIN(piece, len - pos), used = 0;
		g_autofree char *copy = g_memdup2(bytes + pos, n);
		PmLmtpEvent event = pm_lmtp_feed(lmtp, copy, n, &used);
		gboolean is_end = event == PM_LMTP_STARTTLS || event == PM_LMTP_CLOSE;

		g_assert_cmpuint(used, <=, n);
		if (event == PM_LMTP_MORE || is_end)
			g_assert_cmpuint(used, ==, n);
		if (event != PM_LMTP_MORE && !was_told)
			act(lmtp, event, trace);
		was_told = is_end;
		pos += used;
	}
	g_string_append_printf(trace->events, "%d", was_told);
}

static void
run(guint choice, const char *bytes, size_t len, size_t piece, Trace *trace)
{
	PmLmtpOptions options;
	g_autoptr(PmLmtp) lmtp = NULL;

	pm_lmtp_options_init(&options);
	options.max_message_size = SIZE_MAX_MESSAGE;
	options.max_recipients = 4;
	options.max_line = 200;
	options.offers_tls = (choice & 1) != 0;
	options.requires_tls = (choice & 2) != 0;
	lmtp = pm_lmtp_new(&options);
	if ((choice & 4) != 0)
		pm_lmtp_tls_started(lmtp);
	while (len > 0) {
		const char *next = memchr(bytes + 1, '%', len - 1);
		size_t n = next != NULL ? (size_t)(next - bytes) : len;
		size_t used = 0;

		feed(lmtp, bytes, n, piece, trace);
		if (pm_lmtp_feed(lmtp, NULL, 0, &used) == PM_LMTP_STARTTLS)
			pm_lmtp_tls_started(lmtp);
		bytes += n;
		len -= n;
	}
	if ((choice & 8) != 0)
		pm_lmtp_shut_down(lmtp, PM_LMTP_REPLY_SHUTTING_DOWN);
	g_string_append_len(trace->replies, pm_lmtp_output(lmtp)->str,
			    pm_lmtp_output(lmtp)->len);
}

static void
assert_well_formed(const GString *replies)
{
	g_auto(GStrv) lines = g_strsplit(replies->str, "\r\n", -1);
	guint n = g_strv_length(lines);

	g_assert_cmpuint(strlen(replies->str), ==, replies->len);
	g_assert_true(g_str_has_suffix(replies->str, "\r\n"));
	for (guint i = 0; i + 1 < n; i++) {
		g_assert_cmpuint(strlen(lines[i]), >=, 4);
		g_assert_cmpuint(strlen(lines[i]), <=, 510);
		g_assert_true(g_ascii_isdigit(lines[i][0]) &&
			      strchr("- ", lines[i][3]) != NULL);
		for (const char *c = lines[i]; *c != '\0'; c++)
			g_assert_true(g_ascii_isprint(*c));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Trace whole = {g_string_new(NULL), g_string_new(NULL), 0};
	Trace parts = {g_string_new(NULL), g_string_new(NULL), 0};
	guint choice = size > 0 ? data[0] : 0;
	const char *bytes = size > 0 ? (const char *)data + 1 : "";
	size_t len = size > 0 ? size - 1 : 0;

	run(choice, bytes, len, MAX(len, 1), &whole);
	run(choice, bytes, len, 1 + (choice >> 4), &parts);
	g_assert_cmpstr(whole.replies->str, ==, parts.replies->str);
	g_assert_true(g_string_equal(whole.events, parts.events));
	g_assert_cmpuint(whole.recipients, ==, parts.recipients);
	assert_well_formed(whole.replies);
	g_string_free(whole.replies, TRUE);
	g_string_free(whole.events, TRUE);
	g_string_free(parts.replies, TRUE);
	g_string_free(parts.events, TRUE);
	return 0;
}
