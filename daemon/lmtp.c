/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine's outside: bytes in, events and answers. It cuts input into command lines,
 * data and chunks, whichever the state asks for, and stops behind each event.
 *
 * A command ends with CRLF. One that ends with LF alone is answered 500 and not carried
 * out, nor is one with NUL, CR or another control character inside, so that nobody
 * reads other commands here than the server in front did. A line longer than the limit is
 * answered when it passes it, since its end may never come, and skipped up to its LF.
 */
#include "daemon/lmtp.h"

#include <string.h>

#include "daemon/lmtp-path.h"
#include "daemon/lmtp-session.h"

void
pm_lmtp_options_init(PmLmtpOptions *options)
{
	*options = (PmLmtpOptions){
		.hostname = "localhost",
		.max_message_size = 50 * 1024 * 1024,
		.max_recipients = 1000,
		.max_bad_commands = 10,
		.max_line = 2048,
	};
}

const char *
pm_lmtp_event_to_string(PmLmtpEvent event)
{
	static const char *const names[] = {
		[PM_LMTP_MORE] = "more",	 [PM_LMTP_RECIPIENT] = "recipient",
		[PM_LMTP_MESSAGE] = "message",	 [PM_LMTP_TOO_LARGE] = "too-large",
		[PM_LMTP_STARTTLS] = "starttls", [PM_LMTP_CLOSE] = "close",
	};

	g_assert(event < G_N_ELEMENTS(names));
	return names[event];
}

void
pm_lmtp_message_free(PmLmtpMessage *message)
{
	if (message == NULL)
		return;
	g_clear_pointer(&message->bytes, g_bytes_unref);
	g_clear_pointer(&message->recipients, g_ptr_array_unref);
	g_free(message->sender);
	g_free(message->client);
	g_free(message->envid);
	g_free(message->list_id);
	g_free(message);
}

PmLmtp *
pm_lmtp_new(const PmLmtpOptions *options)
{
	PmLmtp *lmtp = g_new0(PmLmtp, 1);
	g_autofree char *text = NULL;

	g_assert(options->max_message_size > 0 && options->max_recipients > 0);
	g_assert(options->max_line > 0 && options->hostname != NULL);
	lmtp->options = *options;
	lmtp->output = g_string_new(NULL);
	lmtp->line = g_string_new(NULL);
	lmtp->is_fresh = TRUE;
	pm_lmtp_owe(lmtp, 1);
	text = g_strdup_printf("%s LMTP ready", options->hostname);
	pm_lmtp_say(lmtp, PM_LMTP_REPLY_GREETING, text);
	return lmtp;
}

void
pm_lmtp_free(PmLmtp *lmtp)
{
	if (lmtp == NULL)
		return;
	pm_lmtp_drop_transaction(lmtp);
	pm_lmtp_message_free(lmtp->message);
	pm_lmtp_recipient_free(lmtp->candidate);
	g_string_free(lmtp->output, TRUE);
	g_string_free(lmtp->line, TRUE);
	g_free(lmtp->client);
	g_free(lmtp);
}

static void
refuse_line(PmLmtp *lmtp, PmLmtpReply reply)
{
	g_string_truncate(lmtp->line, 0);
	pm_lmtp_owe(lmtp, 1);
	pm_lmtp_say(lmtp, reply, NULL);
}

static gboolean
has_control_byte(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (g_ascii_iscntrl(line[i]) && line[i] != '\t')
			return TRUE;
	return FALSE;
}

/* A line with its LF. */
static void
end_line(PmLmtp *lmtp)
{
	g_autofree char *line = NULL;
	size_t len = lmtp->line->len - 1;

	if (len == 0 || lmtp->line->str[len - 1] != '\r') {
		refuse_line(lmtp, PM_LMTP_REPLY_BAD_LINE_END);
		return;
	}
	len--;
	if (has_control_byte(lmtp->line->str, len)) {
		refuse_line(lmtp, PM_LMTP_REPLY_CONTROL_BYTE);
		return;
	}
	line = g_strndup(lmtp->line->str, len);
	g_string_truncate(lmtp->line, 0);
	pm_lmtp_command(lmtp, line, len);
}

/* Up to and with the LF. Returns how many octets it used. */
static size_t
take_line(PmLmtp *lmtp, const char *bytes, size_t len)
{
	const char *lf = memchr(bytes, '\n', len);
	size_t n = lf != NULL ? (size_t)(lf - bytes) + 1 : len;

	if (lmtp->skips_line) {
		lmtp->skips_line = lf == NULL;
		return n;
	}
	if (n > lmtp->options.max_line - lmtp->line->len) {
		lmtp->skips_line = lf == NULL;
		refuse_line(lmtp, PM_LMTP_REPLY_LINE_TOO_LONG);
		return n;
	}
	g_string_append_len(lmtp->line, bytes, n);
	if (lf != NULL)
		end_line(lmtp);
	return n;
}

static size_t
take_data(PmLmtp *lmtp, const char *bytes, size_t len)
{
	size_t used = 0;

	if (pm_lmtp_data_decode(&lmtp->transaction->data, bytes, len, &used))
		pm_lmtp_end_message(lmtp);
	return used;
}

/* All octets of the chunk have come. One that was refused has been answered before. */
static void
end_chunk(PmLmtp *lmtp)
{
	if (!lmtp->discards_chunk && lmtp->is_last_chunk) {
		pm_lmtp_end_message(lmtp);
		return;
	}
	pm_lmtp_enter(lmtp, PM_LMTP_STATE_COMMAND);
	if (!lmtp->discards_chunk)
		pm_lmtp_say(lmtp, PM_LMTP_REPLY_CHUNK_OK, NULL);
}

static size_t
take_chunk(PmLmtp *lmtp, const char *bytes, size_t len)
{
	size_t n = MIN(len, lmtp->chunk_left);

	if (!lmtp->discards_chunk)
		pm_lmtp_data_append(&lmtp->transaction->data, bytes, n);
	lmtp->chunk_left -= n;
	return n;
}

/* Whether what is owed is what the state says: nothing, where the next command is read. */
static gboolean
is_settled(const PmLmtp *lmtp)
{
	switch (lmtp->state) {
	case PM_LMTP_STATE_COMMAND:
	case PM_LMTP_STATE_DATA:
	case PM_LMTP_STATE_HANDSHAKE:
	case PM_LMTP_STATE_CLOSED:
		return lmtp->owed == 0;
	case PM_LMTP_STATE_CHUNK:
		return lmtp->owed == !(lmtp->discards_chunk || lmtp->is_last_chunk);
	case PM_LMTP_STATE_JUDGING:
		return lmtp->owed == 1;
	case PM_LMTP_STATE_ANSWERING:
		return lmtp->message != NULL &&
		       lmtp->owed == lmtp->message->recipients->len;
	}
	return FALSE;
}

/* As many octets as belong together. */
static size_t
take(PmLmtp *lmtp, const char *bytes, size_t len)
{
	size_t used = 0;

	switch (lmtp->state) {
	case PM_LMTP_STATE_COMMAND:
		used = take_line(lmtp, bytes, len);
		break;
	case PM_LMTP_STATE_DATA:
		used = take_data(lmtp, bytes, len);
		break;
	case PM_LMTP_STATE_CHUNK:
		used = take_chunk(lmtp, bytes, len);
		break;
	case PM_LMTP_STATE_JUDGING:
	case PM_LMTP_STATE_ANSWERING:
	case PM_LMTP_STATE_HANDSHAKE:
	case PM_LMTP_STATE_CLOSED:
		g_assert_not_reached();
	}
	/* A chunk may also end where it begins: BDAT 0. */
	if (lmtp->state == PM_LMTP_STATE_CHUNK && lmtp->chunk_left == 0)
		end_chunk(lmtp);
	g_assert(is_settled(lmtp));
	return used;
}

PmLmtpEvent
pm_lmtp_feed(PmLmtp *lmtp, const char *bytes, size_t len, size_t *used_out)
{
	size_t pos = 0;

	g_assert(lmtp->state != PM_LMTP_STATE_JUDGING);
	g_assert(lmtp->state != PM_LMTP_STATE_ANSWERING);
	g_clear_pointer(&lmtp->message, pm_lmtp_message_free);
	lmtp->is_fresh = lmtp->is_fresh && len == 0;
	if (lmtp->state != PM_LMTP_STATE_HANDSHAKE && lmtp->state != PM_LMTP_STATE_CLOSED)
		lmtp->event = PM_LMTP_MORE;
	while (pos < len && lmtp->event == PM_LMTP_MORE)
		pos += take(lmtp, bytes + pos, len - pos);
	/* What is behind STARTTLS must not be read as though it were protected. */
	if (lmtp->event == PM_LMTP_STARTTLS || lmtp->event == PM_LMTP_CLOSE)
		pos = len;
	*used_out = pos;
	return lmtp->event;
}

GString *
pm_lmtp_output(PmLmtp *lmtp)
{
	return lmtp->output;
}

const PmLmtpRecipient *
pm_lmtp_recipient(const PmLmtp *lmtp)
{
	return lmtp->candidate;
}

const char *
pm_lmtp_sender(const PmLmtp *lmtp)
{
	return lmtp->transaction != NULL ? lmtp->transaction->message->sender : NULL;
}

const char *
pm_lmtp_client(const PmLmtp *lmtp)
{
	return lmtp->client;
}

void
pm_lmtp_answer_recipient(PmLmtp *lmtp, PmLmtpReply reply, const char *text)
{
	g_autoptr(PmLmtpRecipient) recipient = g_steal_pointer(&lmtp->candidate);

	g_assert(lmtp->state == PM_LMTP_STATE_JUDGING);
	if (pm_lmtp_reply_is_success(reply))
		g_ptr_array_add(lmtp->transaction->message->recipients,
				g_steal_pointer(&recipient));
	pm_lmtp_say(lmtp, reply, text);
	pm_lmtp_enter(lmtp, PM_LMTP_STATE_COMMAND);
}

PmLmtpMessage *
pm_lmtp_take_message(PmLmtp *lmtp)
{
	return g_steal_pointer(&lmtp->message);
}

guint
pm_lmtp_answers_wanted(const PmLmtp *lmtp)
{
	return lmtp->state == PM_LMTP_STATE_ANSWERING ? lmtp->owed : 0;
}

void
pm_lmtp_answer_message(PmLmtp *lmtp, PmLmtpReply reply, const char *text)
{
	g_assert(lmtp->state == PM_LMTP_STATE_ANSWERING);
	pm_lmtp_say(lmtp, reply, text);
	if (lmtp->owed == 0)
		pm_lmtp_enter(lmtp, PM_LMTP_STATE_COMMAND);
}

void
pm_lmtp_tls_started(PmLmtp *lmtp)
{
	g_assert(lmtp->state == PM_LMTP_STATE_HANDSHAKE || lmtp->is_fresh);
	pm_lmtp_forget(lmtp);
	lmtp->is_tls = TRUE;
	if (lmtp->state == PM_LMTP_STATE_HANDSHAKE)
		pm_lmtp_enter(lmtp, PM_LMTP_STATE_COMMAND);
	lmtp->event = PM_LMTP_MORE;
}

void
pm_lmtp_shut_down(PmLmtp *lmtp, PmLmtpReply reply)
{
	g_assert(pm_lmtp_reply_code(reply) == 421);
	if (lmtp->state == PM_LMTP_STATE_CLOSED)
		return;
	while (lmtp->state == PM_LMTP_STATE_ANSWERING)
		pm_lmtp_answer_message(lmtp, PM_LMTP_REPLY_TRY_AGAIN, NULL);
	g_clear_pointer(&lmtp->candidate, pm_lmtp_recipient_free);
	if (lmtp->is_fresh)
		g_string_truncate(lmtp->output, 0);
	/* The client waits for TLS records; a line would only confuse it. */
	if (lmtp->state != PM_LMTP_STATE_HANDSHAKE) {
		if (lmtp->owed == 0)
			pm_lmtp_owe(lmtp, 1);
		pm_lmtp_say(lmtp, reply, NULL);
	}
	pm_lmtp_enter(lmtp, PM_LMTP_STATE_CLOSED);
}

gboolean
pm_lmtp_is_in_message(const PmLmtp *lmtp)
{
	return lmtp->state == PM_LMTP_STATE_DATA ||
	       lmtp->state == PM_LMTP_STATE_ANSWERING ||
	       (lmtp->transaction != NULL && lmtp->transaction->has_chunks);
}

gboolean
pm_lmtp_is_closed(const PmLmtp *lmtp)
{
	return lmtp->state == PM_LMTP_STATE_CLOSED;
}
