/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * State and replies of a session. All changes of state pass pm_lmtp_enter(), all replies
 * pm_lmtp_say(), which is how the two promises of LMTP can be asserted: what is owed is
 * counted where a command or a message ends, and paid by each reply.
 *
 *	COMMAND --RCPT--> JUDGING --answer--> COMMAND
 *	COMMAND --DATA--> DATA --dot--> ANSWERING --answers--> COMMAND
 *	COMMAND --BDAT--> CHUNK --octets--> COMMAND, or ANSWERING after LAST
 *	COMMAND --STARTTLS--> HANDSHAKE --pm_lmtp_tls_started()--> COMMAND
 *	any --QUIT, 421--> CLOSED
 */
#include "daemon/lmtp-session.h"

static gboolean
is_way(PmLmtpState from, PmLmtpState to)
{
	if (from == PM_LMTP_STATE_CLOSED)
		return FALSE;
	if (to == PM_LMTP_STATE_CLOSED || from == PM_LMTP_STATE_COMMAND)
		return TRUE;
	if (to == PM_LMTP_STATE_ANSWERING)
		return from == PM_LMTP_STATE_DATA || from == PM_LMTP_STATE_CHUNK;
	return to == PM_LMTP_STATE_COMMAND;
}

void
pm_lmtp_enter(PmLmtp *lmtp, PmLmtpState state)
{
	/* The others are no event. */
	static const PmLmtpEvent events[] = {
		[PM_LMTP_STATE_JUDGING] = PM_LMTP_RECIPIENT,
		[PM_LMTP_STATE_ANSWERING] = PM_LMTP_MESSAGE,
		[PM_LMTP_STATE_HANDSHAKE] = PM_LMTP_STARTTLS,
		[PM_LMTP_STATE_CLOSED] = PM_LMTP_CLOSE,
	};

	g_assert(is_way(lmtp->state, state));
	lmtp->state = state;
	if (events[state] != PM_LMTP_MORE)
		lmtp->event = events[state];
	if (state == PM_LMTP_STATE_CLOSED)
		pm_lmtp_drop_transaction(lmtp);
}

void
pm_lmtp_owe(PmLmtp *lmtp, guint replies)
{
	g_assert(lmtp->owed == 0);
	lmtp->owed = replies;
}

/* A line that was no command, or none that could be read. What is only out of order is
 * not counted: after a refused MAIL all of a pipelined batch is. */
static gboolean
is_bad_command(PmLmtpReply reply)
{
	guint code = pm_lmtp_reply_code(reply);

	return code >= 500 && code <= 502;
}

void
pm_lmtp_say(PmLmtp *lmtp, PmLmtpReply reply, const char *text)
{
	g_assert(lmtp->owed > 0);
	lmtp->owed--;
	if (is_bad_command(reply) &&
	    lmtp->bad_commands++ >= lmtp->options.max_bad_commands) {
		pm_lmtp_reply_append(lmtp->output, PM_LMTP_REPLY_TOO_MANY_ERRORS, NULL);
		pm_lmtp_enter(lmtp, PM_LMTP_STATE_CLOSED);
		return;
	}
	if (pm_lmtp_reply_is_success(reply))
		lmtp->bad_commands = 0;
	pm_lmtp_reply_append(lmtp->output, reply, text);
}

void
pm_lmtp_begin_transaction(PmLmtp *lmtp, PmLmtpMessage *envelope)
{
	g_assert(lmtp->transaction == NULL);
	lmtp->transaction = g_new0(PmLmtpTransaction, 1);
	lmtp->transaction->message = envelope;
	pm_lmtp_data_init(&lmtp->transaction->data, lmtp->options.max_message_size);
}

void
pm_lmtp_drop_transaction(PmLmtp *lmtp)
{
	PmLmtpTransaction *transaction = g_steal_pointer(&lmtp->transaction);

	if (transaction == NULL)
		return;
	pm_lmtp_message_free(transaction->message);
	pm_lmtp_data_clear(&transaction->data);
	g_free(transaction);
}

static void
refuse_too_large(PmLmtp *lmtp)
{
	if (lmtp->state != PM_LMTP_STATE_COMMAND)
		pm_lmtp_enter(lmtp, PM_LMTP_STATE_COMMAND);
	while (lmtp->owed > 0)
		pm_lmtp_say(lmtp, PM_LMTP_REPLY_TOO_LARGE, NULL);
	lmtp->event = PM_LMTP_TOO_LARGE;
}

void
pm_lmtp_end_message(PmLmtp *lmtp)
{
	PmLmtpTransaction *transaction = lmtp->transaction;
	PmLmtpMessage *message = g_steal_pointer(&transaction->message);

	g_assert(message->recipients->len > 0);
	message->size = transaction->data.size;
	message->bytes = pm_lmtp_data_steal(&transaction->data);
	pm_lmtp_drop_transaction(lmtp);
	lmtp->message = message;
	pm_lmtp_owe(lmtp, message->recipients->len);
	if (message->bytes != NULL)
		pm_lmtp_enter(lmtp, PM_LMTP_STATE_ANSWERING);
	else
		refuse_too_large(lmtp);
}

void
pm_lmtp_forget(PmLmtp *lmtp)
{
	pm_lmtp_drop_transaction(lmtp);
	g_clear_pointer(&lmtp->client, g_free);
	g_string_truncate(lmtp->line, 0);
	lmtp->skips_line = FALSE;
	lmtp->bad_commands = 0;
}
