/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/exchange.h"

#include <string.h>

#include <microhttpd.h>

#include "daemon/api/feed.h"
#include "daemon/api/reply.h"

enum {
	/* Seconds for the first answer to who waits; it takes a connection to the database. */
	BEGIN_MAX = 30,
	/* Seconds between lines that say that a stream is alive, and until it asks again
	 * after the database was away. */
	BEAT = 15,
	REST = 2,
	STREAM_BLOCK = 16384,
};

PmLink *
pm_link_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

void
pm_link_free(gpointer data)
{
	PmLink *link = data;

	pm_exchange_free(link->exchange);
	g_free(link);
}

PmExchange *
pm_exchange_new(PmTraffic *traffic, struct MHD_Connection *connection, const char *target)
{
	PmExchange *exchange = g_new0(PmExchange, 1);

	exchange->traffic = traffic;
	exchange->connection = connection;
	exchange->request = pm_request_new(target);
	return exchange;
}

void
pm_exchange_free(PmExchange *exchange)
{
	if (exchange == NULL)
		return;
	if (exchange->is_admitted)
		pm_waiting_leave(exchange->traffic->waiting);
	g_clear_pointer(&exchange->chunk, g_bytes_unref);
	pm_request_free(exchange->request);
	g_free(exchange);
}

void
pm_exchange_set_deadline(PmTraffic *traffic, struct MHD_Connection *connection,
			 guint seconds)
{
	PmLink *link = pm_link_of(connection);

	g_mutex_lock(&traffic->lock);
	if (link != NULL)
		link->deadline =
			seconds ? g_get_monotonic_time() + seconds * G_USEC_PER_SEC : 0;
	g_mutex_unlock(&traffic->lock);
}

static gint64
in_seconds(guint seconds)
{
	return g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
}

/* It is suspended. FALSE: the pool is about to end. */
static gboolean
push(PmExchange *exchange)
{
	PmTraffic *traffic = exchange->traffic;

	g_mutex_lock(&traffic->lock);
	gboolean is_open = !traffic->is_closing;
	if (is_open) {
		traffic->n_busy++;
		pm_pool_push(traffic->pool, exchange->request, exchange);
	}
	g_mutex_unlock(&traffic->lock);
	return is_open;
}

static void
resume(PmExchange *exchange)
{
	MHD_resume_connection(exchange->connection);
}

/* ---- those that wait for events; called in any thread, while suspended */

static void
set_chunk(PmExchange *exchange, GBytes *chunk)
{
	g_clear_pointer(&exchange->chunk, g_bytes_unref);
	exchange->chunk = chunk;
	exchange->n_sent = 0;
}

static void
wait_for_events(PmExchange *exchange, gint64 rest_until)
{
	pm_waiting_add(exchange->traffic->waiting, exchange,
		       exchange->request->feed.after, rest_until, exchange->wait_until);
}

/* What the pool has of a stream that runs. */
static void
take_more(PmExchange *exchange)
{
	PmRequest *request = exchange->request;
	gboolean has_failed = request->reply.status != 200;

	if (request->feed.n_found > 0 && !has_failed) {
		set_chunk(exchange, g_bytes_ref(request->reply.body));
		resume(exchange);
		return;
	}
	wait_for_events(exchange, has_failed ? in_seconds(REST) : 0);
}

void
pm_exchange_done(gpointer data)
{
	PmExchange *exchange = data;
	const PmRequest *request = exchange->request;

	g_mutex_lock(&exchange->traffic->lock);
	exchange->traffic->n_busy--;
	g_mutex_unlock(&exchange->traffic->lock);
	if (request->feed.kind == PM_FEED_STREAM && exchange->stage == PM_STAGE_REPLIED)
		take_more(exchange);
	else if (request->feed.kind == PM_FEED_POLL && request->reply.status == 200 &&
		 request->feed.n_found == 0)
		wait_for_events(exchange, 0);
	else
		resume(exchange);
}

void
pm_exchange_wake(gpointer data, PmWoken by, gint64 upto)
{
	static const char alive[] = ":\n\n";
	PmExchange *exchange = data;
	PmRequest *request = exchange->request;

	if (by == PM_WOKEN_BY_EVENTS) {
		request->feed.upto = upto;
		if (request->feed.after < 0)
			request->feed.after = upto;
		if (push(exchange))
			return;
	}
	if (exchange->stage == PM_STAGE_REPLIED) {
		exchange->is_ended = by != PM_WOKEN_BY_TIME;
		set_chunk(exchange, g_bytes_new_static(alive, sizeof alive - 1));
	} else if (request->reply.body == NULL) {
		pm_answer_without(request);
		pm_reply_finish(request);
	}
	resume(exchange);
}

/* ---- replies, in libmicrohttpd's thread */

static void
free_bytes(void *data)
{
	g_bytes_unref(data);
}

/* What comes next of a stream. 0: it is suspended until there is more. */
static ssize_t
read_stream(void *data, uint64_t at, char *buffer, size_t room)
{
	PmExchange *exchange = data;
	PmTraffic *traffic = exchange->traffic;
	gsize len = 0;
	const char *bytes =
		exchange->chunk ? g_bytes_get_data(exchange->chunk, &len) : NULL;
	gsize n = MIN(len - exchange->n_sent, room);

	(void)at;
	if (n > 0) {
		memcpy(buffer, bytes + exchange->n_sent, n);
		exchange->n_sent += n;
		pm_exchange_set_deadline(traffic, exchange->connection,
					 PM_SERVER_REPLY_TIMEOUT);
		return (ssize_t)n;
	}
	if (exchange->is_ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	pm_exchange_set_deadline(traffic, exchange->connection, 0);
	exchange->wait_until = in_seconds(BEAT);
	MHD_suspend_connection(exchange->connection);
	wait_for_events(exchange, 0);
	return 0;
}

static struct MHD_Response *
make_stream(PmExchange *exchange)
{
	/* A line at once, so that proxies pass the head on. */
	GByteArray *first = g_byte_array_new();
	gsize len = 0;
	const guint8 *body = g_bytes_get_data(exchange->request->reply.body, &len);

	g_byte_array_append(first, (const guint8 *)PM_FEED_RETRY,
			    sizeof PM_FEED_RETRY - 1);
	g_byte_array_append(first, body, (guint)len);
	set_chunk(exchange, g_byte_array_free_to_bytes(first));
	return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK,
						 read_stream, exchange, NULL);
}

static struct MHD_Response *
make_response(const PmReply *reply)
{
	gsize len = 0;
	gconstpointer data = g_bytes_get_data(reply->body, &len);

	return MHD_create_response_from_buffer_with_free_callback_cls(
		len, (void *)(gpointer)data, free_bytes, g_bytes_ref(reply->body));
}

static enum MHD_Result
send_reply(PmExchange *exchange)
{
	const PmRequest *request = exchange->request;
	const PmReply *reply = &request->reply;
	gboolean is_stream = request->feed.kind == PM_FEED_STREAM && reply->status == 200;
	struct MHD_Response *response =
		is_stream ? make_stream(exchange) : make_response(reply);

	exchange->stage = PM_STAGE_REPLIED;
	pm_exchange_set_deadline(exchange->traffic, exchange->connection,
				 PM_SERVER_REPLY_TIMEOUT);
	if (response == NULL)
		return MHD_NO;
	if (reply->status != 304 && reply->type != NULL)
		(void)MHD_add_response_header(response, "Content-Type", reply->type);
	(void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	for (guint i = 0; reply->headers != NULL && i < reply->headers->len; i += 2)
		(void)MHD_add_response_header(response,
					      g_ptr_array_index(reply->headers, i),
					      g_ptr_array_index(reply->headers, i + 1));
	enum MHD_Result result = MHD_queue_response(
		exchange->connection, (unsigned int)reply->status, response);
	MHD_destroy_response(response);
	return result;
}

/* ---- requests, in libmicrohttpd's thread */

static void
read_head(PmExchange *exchange, const char *method)
{
	PmRequest *request = exchange->request;

	request->method_name = g_strndup(method, 32);
	request->method = pm_method_from_string(request->method_name);
	for (guint i = 0; i < PM_HEADER_COUNT; i++) {
		const char *value =
			MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
						    pm_header_name((PmHeader)i));
		request->headers[i] = value ? g_utf8_make_valid(value, -1) : NULL;
	}
	exchange->stage = PM_STAGE_BODY;
}

static void
read_body(PmExchange *exchange, const char *bytes, size_t len)
{
	PmRequest *request = exchange->request;

	if (request->body->len + len > PM_API_BODY_MAX)
		request->is_body_too_long = TRUE;
	else
		g_byte_array_append(request->body, (const guint8 *)bytes, (guint)len);
}

static gboolean
is_answered_early(PmExchange *exchange)
{
	PmTraffic *traffic = exchange->traffic;
	PmRequest *request = exchange->request;

	g_mutex_lock(&traffic->lock);
	g_autoptr(PmAnswerOptions) options = pm_answer_options_ref(traffic->answer);
	g_mutex_unlock(&traffic->lock);
	if (pm_answer_early(request, options))
		return TRUE;
	if (request->feed.kind == PM_FEED_NONE)
		return FALSE;
	exchange->is_admitted = pm_waiting_enter(traffic->waiting);
	if (exchange->is_admitted)
		return FALSE;
	pm_reply_detail(request, 503, "Too many clients wait for events.");
	pm_reply_header(request, "Retry-After", "30");
	return TRUE;
}

static enum MHD_Result
queue(PmExchange *exchange)
{
	PmRequest *request = exchange->request;

	if (is_answered_early(exchange)) {
		pm_reply_finish(request);
		return send_reply(exchange);
	}
	exchange->stage = PM_STAGE_QUEUED;
	pm_exchange_set_deadline(exchange->traffic, exchange->connection, 0);
	MHD_suspend_connection(exchange->connection);
	if (request->feed.kind == PM_FEED_NONE) {
		if (!push(exchange))
			pm_exchange_wake(exchange, PM_WOKEN_BY_END, 0);
		return MHD_YES;
	}
	/* At first for knowing which events there are. */
	exchange->wait_until = in_seconds(request->feed.wait);
	pm_waiting_add(exchange->traffic->waiting, exchange, -1, 0,
		       in_seconds(BEGIN_MAX));
	return MHD_YES;
}

int
pm_exchange_handle(PmExchange *exchange, struct MHD_Connection *connection,
		   const char *method, const char *bytes, size_t *len)
{
	exchange->connection = connection;
	if (exchange->stage == PM_STAGE_HEAD) {
		read_head(exchange, method);
		return MHD_YES;
	}
	if (*len > 0) {
		read_body(exchange, bytes, *len);
		*len = 0;
		return MHD_YES;
	}
	return exchange->stage == PM_STAGE_BODY ? queue(exchange) : send_reply(exchange);
}
