/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/session.h"

#include <string.h>

#include "daemon/channel.h"
#include "daemon/listen.h"
#include "daemon/log.h"
#include "daemon/metrics.h"

/*
 * The loop is: write what the engine has to say, read, feed, act on its events. A client may
 * take longer over each of its pieces while a message comes. What a message costs
 * in memory is claimed from the budget as it comes and given back once it is answered.
 */

struct PmSession {
	PmService *service;
	PmSettings settings;
	PmChannel *channel;
	PmLmtp *lmtp;
	char *id, *peer;
	size_t claimed;
	gint is_in_message; /* atomic, for pm_session_stop() */
	gint is_stopping;   /* atomic */
};

PmSession *
pm_session_new(PmService *service, GSocketConnection *connection, guint64 id)
{
	PmSession *session = g_new0(PmSession, 1);

	session->service = service;
	pm_service_settings(service, &session->settings);
	session->channel = pm_channel_new(connection);
	session->id = g_strdup_printf("%06" G_GINT64_MODIFIER "x", id);
	session->peer = pm_listen_peer(connection);
	session->settings.lmtp.offers_tls =
		session->settings.lmtp.offers_tls && !pm_listen_is_unix(connection);
	session->settings.lmtp.requires_tls =
		session->settings.lmtp.requires_tls && !pm_listen_is_unix(connection);
	session->lmtp = pm_lmtp_new(&session->settings.lmtp);
	return session;
}

void
pm_session_free(PmSession *session)
{
	if (session == NULL)
		return;
	pm_lmtp_free(session->lmtp);
	pm_channel_free(session->channel);
	g_free(session->id);
	g_free(session->peer);
	g_free(session);
}

void
pm_session_stop(PmSession *session, gboolean force)
{
	g_atomic_int_set(&session->is_stopping, 1);
	if (force || !g_atomic_int_get(&session->is_in_message))
		pm_channel_stop(session->channel);
}

static void
count_refusals(const GString *output)
{
	for (const char *line = output->str; line != NULL && *line != '\0';) {
		if (*line == '5')
			pm_metrics_count(PM_COUNTER_BAD_COMMANDS, 1);
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
}

static gboolean
write_output(PmSession *session)
{
	GString *output = pm_lmtp_output(session->lmtp);
	gboolean is_written = output->len == 0 ||
			      pm_channel_write(session->channel, output->str, output->len,
					       session->settings.idle_timeout);

	count_refusals(output);
	g_string_truncate(output, 0);
	return is_written;
}

static void
give_back(PmSession *session)
{
	if (session->claimed > 0)
		pm_budget_release(pm_service_budget(session->service), session,
				  session->claimed);
	session->claimed = 0;
}

/* What the session holds is claimed after it was read: at most one buffer too much. */
static void
claim(PmSession *session, size_t bytes)
{
	if (!pm_lmtp_is_in_message(session->lmtp))
		return;
	pm_budget_claim(pm_service_budget(session->service), session, bytes);
	session->claimed += bytes;
}

static void
log_answer(PmSession *session, const PmLmtpMessage *message, guint i,
	   const PmAnswer *answer, const char *msgid, double seconds)
{
	const PmLmtpRecipient *recipient = g_ptr_array_index(message->recipients, i);
	const char *outcome = answer->outcome == PM_OUTCOME_NONE
				      ? pm_lmtp_reply_to_string(answer->reply)
				      : pm_outcome_to_string(answer->outcome);
	g_autofree char *size = g_strdup_printf("%" G_GUINT64_FORMAT, message->size);
	g_autofree char *ms = g_strdup_printf("%.1f", seconds * 1000);
	g_autofree char *code = g_strdup_printf("%u", pm_lmtp_reply_code(answer->reply));

	pm_metrics_mail(answer->project, outcome);
	/* Each mail that has an outcome; of the others, which cost the sender nothing, some. */
	pm_log_some(PM_LOG_INFO, "mail",
		    answer->outcome == PM_OUTCOME_NONE ? "mail-not-stored" : NULL,
		    "session", session->id, "from", message->sender, "to",
		    recipient->address, "msgid", msgid, "project", answer->project,
		    "outcome", outcome, "reason", answer->reason, "text", answer->text,
		    "code", code, "size", size, "ms", ms, NULL);
}

static void
judge_recipient(PmSession *session)
{
	const PmLmtpRecipient *recipient = pm_lmtp_recipient(session->lmtp);
	PmDelivery delivery = {
		.writers = pm_service_writers(session->service),
		.is_mapped = session->settings.is_mapped,
		.delimiters = session->settings.delimiters,
	};
	PmAnswer answer = {0};

	if (pm_delivery_takes(&delivery, recipient->address, &answer)) {
		pm_metrics_count(PM_COUNTER_RECIPIENTS, 1);
		pm_lmtp_answer_recipient(session->lmtp, PM_LMTP_REPLY_RECIPIENT_OK, NULL);
	} else {
		pm_metrics_count(PM_COUNTER_RECIPIENTS_REFUSED, 1);
		pm_log(PM_LOG_WARNING, "recipient-refused", "session", session->id, "to",
		       recipient->address, "text", answer.text, NULL);
		pm_lmtp_answer_recipient(session->lmtp, answer.reply, answer.text);
	}
	pm_answer_clear(&answer);
}

/*
 * Postfix breaks lines over 998 octets unless lmtp_line_length_limit is 0, and a blank begins
 * the rest: such a patch does not apply any more.
 */
static gboolean
has_broken_line(GBytes *bytes)
{
	enum { LIMIT = 998 };
	size_t len = 0;
	const char *p = g_bytes_get_data(bytes, &len);
	const char *end = p + len;

	while (p < end) {
		const char *next = memchr(p, '\n', (size_t)(end - p));

		if (next == NULL)
			return FALSE;
		if (next - p == LIMIT + 1 && next[-1] == '\r' && next + 1 < end &&
		    next[1] == ' ')
			return TRUE;
		p = next + 1;
	}
	return FALSE;
}

static void
warn_of_broken_lines(PmSession *session, const PmLmtpMessage *message, const char *msgid)
{
	if (!has_broken_line(message->bytes))
		return;
	pm_metrics_count(PM_COUNTER_BROKEN_LINES, 1);
	pm_log(PM_LOG_WARNING, "broken-line", "session", session->id, "msgid", msgid,
	       "reason",
	       "a line was cut at 998 octets; set lmtp_line_length_limit = 0 in Postfix",
	       NULL);
}

static void
deliver(PmSession *session)
{
	g_autoptr(PmLmtpMessage) message = pm_lmtp_take_message(session->lmtp);
	PmDelivery delivery = {
		.writers = pm_service_writers(session->service),
		.is_mapped = session->settings.is_mapped,
		.delimiters = session->settings.delimiters,
		.list_id = message->list_id,
	};
	guint n = message->recipients->len;
	g_autofree PmAnswer *answers = g_new0(PmAnswer, n);
	g_autofree const char **addresses = g_new0(const char *, n + 1);
	g_autofree char *msgid = NULL;
	gint64 start = g_get_monotonic_time();

	for (guint i = 0; i < n; i++)
		addresses[i] =
			((PmLmtpRecipient *)message->recipients->pdata[i])->address;
	pm_delivery_run(&delivery, message->bytes, addresses, n, answers, &msgid);
	double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
	warn_of_broken_lines(session, message, msgid);
	pm_metrics_count(PM_COUNTER_MESSAGES, 1);
	pm_metrics_count(PM_COUNTER_BYTES, message->size);
	pm_metrics_observe(PM_HISTOGRAM_LATENCY, seconds);
	for (guint i = 0; i < n; i++) {
		pm_lmtp_answer_message(session->lmtp, answers[i].reply, answers[i].text);
		log_answer(session, message, i, &answers[i], msgid, seconds);
		pm_answer_clear(&answers[i]);
	}
	give_back(session);
}

static void
log_too_large(PmSession *session)
{
	g_autoptr(PmLmtpMessage) message = pm_lmtp_take_message(session->lmtp);
	g_autofree char *size =
		g_strdup_printf("%" G_GUINT64_FORMAT, message ? message->size : 0);

	pm_log(PM_LOG_WARNING, "too-large", "session", session->id, "from",
	       message ? message->sender : NULL, "size", size, NULL);
	give_back(session);
}

static gboolean
start_tls(PmSession *session)
{
	g_autoptr(GError) error = NULL;
	PmTls *tls = pm_service_tls(session->service);

	if (!write_output(session) || tls == NULL)
		return FALSE;
	if (!pm_channel_start_tls(session->channel, tls, &error)) {
		pm_metrics_count(PM_COUNTER_TLS_FAILURES, 1);
		pm_log(PM_LOG_WARNING, "tls-failed", "session", session->id, "peer",
		       session->peer, "reason", error->message, NULL);
		return FALSE;
	}
	pm_lmtp_tls_started(session->lmtp);
	return TRUE;
}

/* FALSE where the session is over. */
static gboolean
act(PmSession *session, PmLmtpEvent event)
{
	switch (event) {
	case PM_LMTP_MORE:
		return TRUE;
	case PM_LMTP_RECIPIENT:
		judge_recipient(session);
		return TRUE;
	case PM_LMTP_MESSAGE:
		deliver(session);
		return TRUE;
	case PM_LMTP_TOO_LARGE:
		log_too_large(session);
		return TRUE;
	case PM_LMTP_STARTTLS:
		return start_tls(session);
	case PM_LMTP_CLOSE:
		break;
	}
	return FALSE;
}

static gboolean
feed(PmSession *session, const char *bytes, size_t len)
{
	while (len > 0) {
		size_t used = 0;
		PmLmtpEvent event = pm_lmtp_feed(session->lmtp, bytes, len, &used);

		claim(session, used);
		bytes += used;
		len -= used;
		if (!act(session, event))
			return FALSE;
		/* What was read with STARTTLS was not protected (RFC 3207, 6). */
		if (event == PM_LMTP_STARTTLS)
			return TRUE;
	}
	if (!pm_lmtp_is_in_message(session->lmtp))
		give_back(session);
	return TRUE;
}

static gssize
read_some(PmSession *session, char *buffer, size_t size, GError **error)
{
	gboolean is_in_message = pm_lmtp_is_in_message(session->lmtp);

	g_atomic_int_set(&session->is_in_message, is_in_message);
	/* Whoever was told to stop meanwhile stops here. */
	if (!is_in_message && g_atomic_int_get(&session->is_stopping))
		pm_channel_stop(session->channel);
	return pm_channel_read(session->channel, buffer, size,
			       is_in_message ? session->settings.data_timeout
					     : session->settings.idle_timeout,
			       error);
}

static void
say_why(PmSession *session, const GError *error)
{
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		pm_lmtp_shut_down(session->lmtp, PM_LMTP_REPLY_SHUTTING_DOWN);
	else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
		pm_lmtp_shut_down(session->lmtp, PM_LMTP_REPLY_IDLE);
	else
		return;
	(void)write_output(session);
}

static void
serve(PmSession *session)
{
	enum { BUFFER_SIZE = 32 * 1024 };
	g_autofree char *buffer = g_malloc(BUFFER_SIZE);

	for (;;) {
		g_autoptr(GError) error = NULL;

		/* Before the client knows that it may send: then it is let finish. */
		if (pm_lmtp_is_in_message(session->lmtp))
			g_atomic_int_set(&session->is_in_message, 1);
		if (!write_output(session))
			return;
		gssize n = read_some(session, buffer, BUFFER_SIZE, &error);
		if (n < 0)
			say_why(session, error);
		if (n <= 0)
			return;
		if (!feed(session, buffer, (size_t)n)) {
			(void)write_output(session);
			return;
		}
	}
}

void
pm_session_run(PmSession *session)
{
	pm_log(PM_LOG_DEBUG, "connect", "session", session->id, "peer", session->peer,
	       NULL);
	serve(session);
	give_back(session);
	pm_log(PM_LOG_DEBUG, "disconnect", "session", session->id, NULL);
}
