/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands of LMTP: RFC 2033 on RFC 5321, with RFC 1870 (SIZE), 2034 (enhanced
 * codes), 2920 (pipelining), 3030 (CHUNKING), 3207 (STARTTLS), 3461 (DSN), 6152 (8BITMIME)
 * and 6531 (SMTPUTF8). The table says when a command may come and whether it has an
 * argument; refusal() judges by it, the do_ functions act and answer.
 *
 * BDAT's octets follow it at once, whatever the reply, and are never read as commands
 * (RFC 3030, 2): where it is refused, it is answered at once and its octets are skipped.
 * It is also the only command that may have no reply of its own: LAST is answered once
 * for each recipient, so not at all without any (RFC 2033, 4.3).
 */
#include "daemon/lmtp-path.h"
#include "daemon/lmtp-session.h"

#include <string.h>

typedef enum {
	IN_PLAIN = 1 << 0,	 /* also before TLS, where that is required */
	AFTER_LHLO = 1 << 1,	 /* the client has said its name */
	IN_TRANSACTION = 1 << 2, /* after MAIL */
	OUT_OF_ONE = 1 << 3,	 /* not after MAIL */
	WITH_RECIPIENT = 1 << 4, /* after a RCPT that was accepted */
	BEFORE_CHUNKS = 1 << 5,	 /* not after BDAT */
} When;

typedef enum {
	NO_ARGUMENT,
	MAY_ARGUMENT,
	NEEDS_ARGUMENT,
} Argument;

typedef struct {
	const char *verb;
	guint when; /* When, all of them */
	Argument argument;
	void (*act)(PmLmtp *lmtp, const char *argument);
	void (*skip)(PmLmtp *lmtp, const char *argument); /* after a refusal */
} Command;

static void
do_lhlo(PmLmtp *lmtp, const char *argument)
{
	g_autofree char *text = NULL;

	pm_lmtp_drop_transaction(lmtp);
	g_free(lmtp->client);
	lmtp->client = g_strdup(argument);
	text = g_strdup_printf("%s\nPIPELINING\nENHANCEDSTATUSCODES\n8BITMIME\nSMTPUTF8\n"
			       "DSN\nCHUNKING\n%s%sSIZE %" G_GSIZE_FORMAT,
			       lmtp->options.hostname,
			       lmtp->options.offers_tls && !lmtp->is_tls ? "STARTTLS\n"
									 : "",
			       lmtp->options.database ? "XDATABASE\nXLISTID\n" : "",
			       lmtp->options.max_message_size);
	pm_lmtp_say(lmtp, PM_LMTP_REPLY_CAPABILITIES, text);
}

static void
do_smtp(PmLmtp *lmtp, const char *argument)
{
	(void)argument;
	pm_lmtp_say(lmtp, PM_LMTP_REPLY_NOT_SMTP, NULL);
}

static void
do_starttls(PmLmtp *lmtp, const char *argument)
{
	(void)argument;
	if (!lmtp->options.offers_tls) {
		pm_lmtp_say(lmtp, PM_LMTP_REPLY_NOT_OFFERED, NULL);
		return;
	}
	if (lmtp->is_tls) {
		pm_lmtp_say(lmtp, PM_LMTP_REPLY_BAD_SEQUENCE, NULL);
		return;
	}
	pm_lmtp_say(lmtp, PM_LMTP_REPLY_TLS_READY, NULL);
	pm_lmtp_enter(lmtp, PM_LMTP_STATE_HANDSHAKE);
}

static void
do_mail(PmLmtp *lmtp, const char *argument)
{
	g_autofree char *sender = NULL;
	g_auto(PmLmtpParameters) parameters = {0};
	PmLmtpMessage *envelope = NULL;
	PmLmtpReply reply =
		pm_lmtp_parse_mail(argument, strlen(argument), &sender, &parameters);

	if (reply == PM_LMTP_REPLY_OK && parameters.size > lmtp->options.max_message_size)
		reply = PM_LMTP_REPLY_TOO_LARGE;
	if (reply == PM_LMTP_REPLY_OK && parameters.database != NULL &&
	    g_strcmp0(parameters.database, lmtp->options.database) != 0)
		reply = PM_LMTP_REPLY_OTHER_DATABASE;
	if (reply != PM_LMTP_REPLY_OK) {
		pm_lmtp_say(lmtp, reply, NULL);
		return;
	}
	envelope = g_new0(PmLmtpMessage, 1);
	envelope->sender = g_steal_pointer(&sender);
	envelope->recipients =
		g_ptr_array_new_with_free_func((GDestroyNotify)pm_lmtp_recipient_free);
	envelope->client = g_strdup(lmtp->client);
	envelope->envid = g_steal_pointer(&parameters.envid);
	envelope->list_id = g_steal_pointer(&parameters.list_id);
	envelope->body = parameters.body;
	envelope->is_smtputf8 = parameters.is_smtputf8;
	pm_lmtp_begin_transaction(lmtp, envelope);
	pm_lmtp_say(lmtp, PM_LMTP_REPLY_SENDER_OK, NULL);
}

static void
do_rcpt(PmLmtp *lmtp, const char *argument)
{
	const PmLmtpMessage *envelope = lmtp->transaction->message;
	PmLmtpReply reply = pm_lmtp_parse_rcpt(argument, strlen(argument),
					       envelope->is_smtputf8, &lmtp->candidate);

	if (reply != PM_LMTP_REPLY_OK) {
		pm_lmtp_say(lmtp, reply, NULL);
		return;
	}
	if (envelope->recipients->len >= lmtp->options.max_recipients) {
		g_clear_pointer(&lmtp->candidate, pm_lmtp_recipient_free);
		pm_lmtp_say(lmtp, PM_LMTP_REPLY_TOO_MANY_RECIPIENTS, NULL);
		return;
	}
	pm_lmtp_enter(lmtp, PM_LMTP_STATE_JUDGING);
}

static void
do_data(PmLmtp *lmtp, const char *argument)
{
	(void)argument;
	pm_lmtp_say(lmtp, PM_LMTP_REPLY_SEND_DATA, NULL);
	pm_lmtp_enter(lmtp, PM_LMTP_STATE_DATA);
}

/* "SIZE" or "SIZE LAST". */
static gboolean
parse_chunk(const char *argument, guint64 *size_out, gboolean *is_last_out)
{
	size_t len = strcspn(argument, " \t");
	const char *rest = argument + len + strspn(argument + len, " \t");

	if (!pm_lmtp_parse_number(argument, len, size_out))
		return FALSE;
	*is_last_out = g_ascii_strcasecmp(rest, "LAST") == 0;
	return *is_last_out || rest[0] == '\0';
}

static void
begin_chunk(PmLmtp *lmtp, guint64 size, gboolean is_last, gboolean discards)
{
	/* At the wrong command too many all is over. */
	if (lmtp->state == PM_LMTP_STATE_CLOSED)
		return;
	lmtp->chunk_left = size;
	lmtp->is_last_chunk = is_last;
	lmtp->discards_chunk = discards;
	pm_lmtp_enter(lmtp, PM_LMTP_STATE_CHUNK);
}

/* BDAT was refused and answered. Where its size cannot be read, nothing can be skipped. */
static void
skip_chunk(PmLmtp *lmtp, const char *argument)
{
	guint64 size = 0;
	size_t len = strcspn(argument, " \t");

	if (pm_lmtp_parse_number(argument, len, &size))
		begin_chunk(lmtp, size, FALSE, TRUE);
}

static void
refuse_large_chunk(PmLmtp *lmtp, guint64 size, gboolean is_last)
{
	/* From here on the message is too large, whatever comes. */
	pm_lmtp_data_count(&lmtp->transaction->data, size);
	if (is_last) {
		pm_lmtp_end_message(lmtp);
	} else {
		pm_lmtp_say(lmtp, PM_LMTP_REPLY_TOO_LARGE, NULL);
	}
	begin_chunk(lmtp, size, FALSE, TRUE);
}

/* RFC 2033, 4.3: LAST ends the transaction, with a reply for each of no recipients. */
static void
refuse_chunk_for_nobody(PmLmtp *lmtp, guint64 size, gboolean is_last)
{
	if (is_last)
		pm_lmtp_drop_transaction(lmtp);
	else
		pm_lmtp_say(lmtp, PM_LMTP_REPLY_BAD_SEQUENCE, NULL);
	begin_chunk(lmtp, size, FALSE, TRUE);
}

static void
do_bdat(PmLmtp *lmtp, const char *argument)
{
	guint64 size = 0;
	gboolean is_last = FALSE;

	if (!parse_chunk(argument, &size, &is_last)) {
		pm_lmtp_say(lmtp, PM_LMTP_REPLY_BAD_ARGUMENT, NULL);
		skip_chunk(lmtp, argument);
		return;
	}
	/* LAST is answered by the message's end. */
	if (is_last)
		lmtp->owed = 0;
	if (lmtp->transaction->message->recipients->len == 0) {
		refuse_chunk_for_nobody(lmtp, size, is_last);
		return;
	}
	lmtp->transaction->has_chunks = TRUE;
	if (pm_lmtp_data_would_overflow(&lmtp->transaction->data, size)) {
		refuse_large_chunk(lmtp, size, is_last);
		return;
	}
	begin_chunk(lmtp, size, is_last, FALSE);
}

static void
do_rset(PmLmtp *lmtp, const char *argument)
{
	(void)argument;
	pm_lmtp_drop_transaction(lmtp);
	pm_lmtp_say(lmtp, PM_LMTP_REPLY_OK, NULL);
}

static void
do_noop(PmLmtp *lmtp, const char *argument)
{
	(void)argument;
	pm_lmtp_say(lmtp, PM_LMTP_REPLY_OK, NULL);
}

static void
do_vrfy(PmLmtp *lmtp, const char *argument)
{
	(void)argument;
	pm_lmtp_say(lmtp, PM_LMTP_REPLY_CANNOT_VERIFY, NULL);
}

static void
do_expn(PmLmtp *lmtp, const char *argument)
{
	(void)argument;
	pm_lmtp_say(lmtp, PM_LMTP_REPLY_NOT_OFFERED, NULL);
}

static void
do_help(PmLmtp *lmtp, const char *argument)
{
	(void)argument;
	pm_lmtp_say(lmtp, PM_LMTP_REPLY_HELP, NULL);
}

static void
do_quit(PmLmtp *lmtp, const char *argument)
{
	(void)argument;
	pm_lmtp_say(lmtp, PM_LMTP_REPLY_BYE, NULL);
	pm_lmtp_enter(lmtp, PM_LMTP_STATE_CLOSED);
}

static const Command commands[] = {
	{"LHLO", IN_PLAIN, NEEDS_ARGUMENT, do_lhlo},
	{"STARTTLS", IN_PLAIN | AFTER_LHLO, NO_ARGUMENT, do_starttls},
	{"MAIL", AFTER_LHLO | OUT_OF_ONE, NEEDS_ARGUMENT, do_mail},
	{"RCPT", IN_TRANSACTION | BEFORE_CHUNKS, NEEDS_ARGUMENT, do_rcpt},
	{"DATA", WITH_RECIPIENT | BEFORE_CHUNKS, NO_ARGUMENT, do_data},
	{"BDAT", IN_TRANSACTION, NEEDS_ARGUMENT, do_bdat, skip_chunk},
	{"RSET", 0, NO_ARGUMENT, do_rset},
	{"NOOP", IN_PLAIN, MAY_ARGUMENT, do_noop},
	{"VRFY", 0, NEEDS_ARGUMENT, do_vrfy},
	{"EXPN", 0, MAY_ARGUMENT, do_expn},
	{"HELP", 0, MAY_ARGUMENT, do_help},
	{"QUIT", IN_PLAIN, NO_ARGUMENT, do_quit},
	{"HELO", IN_PLAIN, MAY_ARGUMENT, do_smtp},
	{"EHLO", IN_PLAIN, MAY_ARGUMENT, do_smtp},
};

static gboolean
is_in_order(const PmLmtp *lmtp, guint when)
{
	const PmLmtpTransaction *transaction = lmtp->transaction;
	guint holds = 0;

	if (lmtp->client != NULL)
		holds |= AFTER_LHLO;
	if (transaction != NULL)
		holds |= IN_TRANSACTION;
	else
		holds |= OUT_OF_ONE;
	if (transaction != NULL && transaction->message->recipients->len > 0)
		holds |= WITH_RECIPIENT;
	if (transaction == NULL || !transaction->has_chunks)
		holds |= BEFORE_CHUNKS;
	return (when & ~holds & ~(guint)IN_PLAIN) == 0;
}

/* Why the command may not come now or not like this; PM_LMTP_REPLY_OK if it may. */
static PmLmtpReply
refusal(const PmLmtp *lmtp, const Command *command, const char *argument)
{
	if (lmtp->options.requires_tls && !lmtp->is_tls &&
	    (command->when & IN_PLAIN) == 0)
		return PM_LMTP_REPLY_TLS_REQUIRED;
	if (!is_in_order(lmtp, command->when))
		return PM_LMTP_REPLY_BAD_SEQUENCE;
	if (argument[0] == '\0' && command->argument == NEEDS_ARGUMENT)
		return PM_LMTP_REPLY_BAD_ARGUMENT;
	if (argument[0] != '\0' && command->argument == NO_ARGUMENT)
		return PM_LMTP_REPLY_BAD_ARGUMENT;
	return PM_LMTP_REPLY_OK;
}

static const Command *
find_command(const char *line, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (len == strlen(commands[i].verb) &&
		    g_ascii_strncasecmp(line, commands[i].verb, len) == 0)
			return &commands[i];
	return NULL;
}

void
pm_lmtp_command(PmLmtp *lmtp, const char *line, size_t len)
{
	g_autofree char *copy = g_strchomp(g_strndup(line, len));
	size_t verb_len = strcspn(copy, " \t");
	const char *argument = copy + verb_len + strspn(copy + verb_len, " \t");
	const Command *command = find_command(copy, verb_len);
	PmLmtpReply reply;

	pm_lmtp_owe(lmtp, 1);
	if (command == NULL) {
		pm_lmtp_say(lmtp, PM_LMTP_REPLY_UNKNOWN_COMMAND, NULL);
		return;
	}
	reply = refusal(lmtp, command, argument);
	if (reply == PM_LMTP_REPLY_OK) {
		command->act(lmtp, argument);
		return;
	}
	pm_lmtp_say(lmtp, reply, NULL);
	if (command->skip != NULL)
		command->skip(lmtp, argument);
}
