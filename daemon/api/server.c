/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/server.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "daemon/api/reply.h"
#include "daemon/log.h"
#include "lib/error.h"

/*
 * A request goes: head read -> body read -> suspended, in the pool's queue -> replied. All but
 * the pool happens in libmicrohttpd's thread. Its own timeout counts from the last byte,
 * which a slow client can put off for ever; so each connection has a deadline here, and is
 * shut down behind it.
 */

typedef enum {
	STAGE_HEAD,
	STAGE_BODY,
	STAGE_QUEUED,
	STAGE_REPLIED,
} Stage;

typedef struct {
	PmServer *server;
	struct MHD_Connection *connection;
	PmRequest *request;
	Stage stage;
} Exchange;

typedef struct {
	int fd;
	gint64 deadline;    /* monotonic; 0: we are at it */
	Exchange *exchange; /* owned; not ended yet */
} Link;

struct PmServer {
	PmAnswerOptions options;
	guint max_connections;
	struct MHD_Daemon *http;
	PmListen *listen;
	PmPool *pool;
	GMutex lock;
	GHashTable *links;	       /* of Link, under lock */
	guint n_busy;		       /* under lock */
	guint n_open;		       /* under lock: handed over and not closed */
	gboolean is_full, is_stopping; /* main thread's */
	GMainContext *context;
	GSource *ticker;
};

static void accept_client(GSocketConnection *connection, gpointer user_data);

static void
free_exchange(Exchange *exchange)
{
	if (exchange == NULL)
		return;
	pm_request_free(exchange->request);
	g_free(exchange);
}

static void
free_link(gpointer data)
{
	Link *link = data;

	free_exchange(link->exchange);
	g_free(link);
}

static Link *
link_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

static void
set_deadline(PmServer *server, struct MHD_Connection *connection, guint seconds)
{
	Link *link = link_of(connection);

	g_mutex_lock(&server->lock);
	if (link != NULL)
		link->deadline =
			seconds ? g_get_monotonic_time() + seconds * G_USEC_PER_SEC : 0;
	g_mutex_unlock(&server->lock);
}

static void
count_busy(PmServer *server, int by)
{
	g_mutex_lock(&server->lock);
	server->n_busy = (guint)((int)server->n_busy + by);
	g_mutex_unlock(&server->lock);
}

static void
count_open(PmServer *server, int by)
{
	g_mutex_lock(&server->lock);
	server->n_open = (guint)((int)server->n_open + by);
	g_mutex_unlock(&server->lock);
}

static gboolean
accept_again(gpointer data)
{
	PmServer *server = data;

	if (server->is_full && !server->is_stopping &&
	    pm_server_connections(server) < server->max_connections) {
		server->is_full = FALSE;
		pm_listen_start(server->listen, accept_client, server);
	}
	return G_SOURCE_REMOVE;
}

static void
note_connection(void *data, struct MHD_Connection *connection, void **context,
		enum MHD_ConnectionNotificationCode code)
{
	PmServer *server = data;

	g_mutex_lock(&server->lock);
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *info = MHD_get_connection_info(
			connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		Link *link = g_new0(Link, 1);

		link->fd = info->connect_fd;
		link->deadline = g_get_monotonic_time() +
				 PM_SERVER_REQUEST_TIMEOUT * G_USEC_PER_SEC;
		g_hash_table_add(server->links, link);
		*context = link;
	} else {
		g_hash_table_remove(server->links, *context);
		server->n_open--;
		*context = NULL;
	}
	g_mutex_unlock(&server->lock);
	if (code == MHD_CONNECTION_NOTIFY_CLOSED)
		g_main_context_invoke(server->context, accept_again, server);
}

/* Shuts down who takes too long; libmicrohttpd closes them. */
static gboolean
tick(gpointer data)
{
	PmServer *server = data;
	gint64 now = g_get_monotonic_time();
	GHashTableIter iter;
	gpointer key = NULL;

	g_mutex_lock(&server->lock);
	g_hash_table_iter_init(&iter, server->links);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		Link *link = key;

		if (link->deadline != 0 && link->deadline < now)
			(void)shutdown(link->fd, SHUT_RDWR);
	}
	g_mutex_unlock(&server->lock);
	(void)accept_again(server);
	return G_SOURCE_CONTINUE;
}

static void *
begin_request(void *data, const char *target, struct MHD_Connection *connection)
{
	Link *link = link_of(connection);
	Exchange *exchange = NULL;

	if (link == NULL)
		return NULL;
	exchange = g_new0(Exchange, 1);

	exchange->server = data;
	exchange->connection = connection;
	exchange->request = pm_request_new(target);
	/* The end of one whose head is refused is never told. */
	free_exchange(link->exchange);
	link->exchange = exchange;
	return exchange;
}

static void
end_request(void *data, struct MHD_Connection *connection, void **context,
	    enum MHD_RequestTerminationCode code)
{
	Exchange *exchange = *context;

	(void)code;
	if (exchange == NULL)
		return;
	set_deadline(data, connection, PM_SERVER_REQUEST_TIMEOUT);
	Link *link = link_of(connection);
	if (link != NULL)
		link->exchange = NULL;
	free_exchange(exchange);
	*context = NULL;
}

static void
free_bytes(void *data)
{
	g_bytes_unref(data);
}

static enum MHD_Result
send_reply(Exchange *exchange)
{
	PmReply *reply = &exchange->request->reply;
	gsize len = 0;
	gconstpointer data = g_bytes_get_data(reply->body, &len);
	struct MHD_Response *response =
		MHD_create_response_from_buffer_with_free_callback_cls(
			len, (void *)(gpointer)data, free_bytes,
			g_bytes_ref(reply->body));

	exchange->stage = STAGE_REPLIED;
	set_deadline(exchange->server, exchange->connection, PM_SERVER_REPLY_TIMEOUT);
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

/* In the pool's thread. */
static void
resume(gpointer data)
{
	Exchange *exchange = data;

	count_busy(exchange->server, -1);
	MHD_resume_connection(exchange->connection);
}

static void
read_head(Exchange *exchange, const char *method)
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
	exchange->stage = STAGE_BODY;
}

static void
read_body(Exchange *exchange, const char *bytes, size_t len)
{
	PmRequest *request = exchange->request;

	if (request->body->len + len > PM_API_BODY_MAX)
		request->is_body_too_long = TRUE;
	else
		g_byte_array_append(request->body, (const guint8 *)bytes, (guint)len);
}

static enum MHD_Result
queue(Exchange *exchange)
{
	PmServer *server = exchange->server;

	if (pm_answer_early(exchange->request, &server->options)) {
		pm_reply_finish(exchange->request);
		return send_reply(exchange);
	}
	exchange->stage = STAGE_QUEUED;
	set_deadline(server, exchange->connection, 0);
	count_busy(server, 1);
	MHD_suspend_connection(exchange->connection);
	pm_pool_push(server->pool, exchange->request, exchange);
	return MHD_YES;
}

static enum MHD_Result
handle(void *data, struct MHD_Connection *connection, const char *url, const char *method,
       const char *version, const char *bytes, size_t *len, void **context)
{
	Exchange *exchange = *context;

	(void)data;
	(void)url;
	(void)version;
	if (exchange == NULL)
		return MHD_NO;
	exchange->connection = connection;
	if (exchange->stage == STAGE_HEAD) {
		read_head(exchange, method);
		return MHD_YES;
	}
	if (*len > 0) {
		read_body(exchange, bytes, *len);
		*len = 0;
		return MHD_YES;
	}
	return exchange->stage == STAGE_BODY ? queue(exchange) : send_reply(exchange);
}

static void
accept_client(GSocketConnection *connection, gpointer user_data)
{
	PmServer *server = user_data;
	GSocket *socket = g_socket_connection_get_socket(connection);
	struct sockaddr_storage peer = {0};
	socklen_t len = sizeof peer;
	int fd = fcntl(g_socket_get_fd(socket), F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return;
	(void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	(void)getpeername(fd, (struct sockaddr *)&peer, &len);
	count_open(server, 1);
	/* It closes fd in any case. */
	if (MHD_add_connection(server->http, fd, (struct sockaddr *)&peer, len) !=
	    MHD_YES)
		count_open(server, -1);
	if (pm_server_connections(server) >= server->max_connections) {
		server->is_full = TRUE;
		pm_listen_stop(server->listen);
	}
}

static void
log_trouble(void *data, const char *format, va_list args)
{
	(void)data;
	if (!pm_log_is_enabled(PM_LOG_DEBUG))
		return;
	g_autofree char *text = g_strdup_vprintf(format, args);
	pm_log(PM_LOG_DEBUG, "http", "text", g_strchomp(text), NULL);
}

/* Escapes stay: form.h undoes them, once parts and pairs are apart. */
static size_t
unescape(void *data, struct MHD_Connection *connection, char *text)
{
	(void)data;
	(void)connection;
	return strlen(text);
}

/* By poll(): with epoll 0.9.75 leaves connections open whose head did not fit. Its own
 * limit is never met, for it would keep a lock then; we stop to accept instead. */
static struct MHD_Daemon *
start_http(PmServer *server)
{
	return MHD_start_daemon(
		MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC |
			MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG,
		0, NULL, NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER, log_trouble,
		server, MHD_OPTION_CONNECTION_LIMIT, 2 * server->max_connections,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)PM_SERVER_HEAD_MAX,
		MHD_OPTION_URI_LOG_CALLBACK, begin_request, server,
		MHD_OPTION_NOTIFY_COMPLETED, end_request, server,
		MHD_OPTION_NOTIFY_CONNECTION, note_connection, server,
		MHD_OPTION_UNESCAPE_CALLBACK, unescape, server, MHD_OPTION_END);
}

PmServer *
pm_server_new(const PmServerOptions *options, PmListen *listen, GError **error)
{
	g_autoptr(PmServer) server = g_new0(PmServer, 1);

	g_mutex_init(&server->lock);
	server->options = options->answer;
	server->max_connections = options->max_connections;
	server->listen = listen;
	server->links = g_hash_table_new_full(NULL, NULL, free_link, NULL);
	server->context = g_main_context_ref_thread_default();
	server->pool = pm_pool_new(&options->pool, resume);
	server->http = start_http(server);
	if (server->http == NULL) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
			    "could not start to serve HTTP");
		return NULL;
	}
	server->ticker = g_timeout_source_new_seconds(1);
	g_source_set_callback(server->ticker, tick, server, NULL);
	g_source_attach(server->ticker, server->context);
	pm_listen_start(listen, accept_client, server);
	return g_steal_pointer(&server);
}

void
pm_server_stop(PmServer *server)
{
	server->is_stopping = TRUE;
	pm_listen_stop(server->listen);
}

guint
pm_server_busy(PmServer *server)
{
	g_mutex_lock(&server->lock);
	guint n = server->n_busy;
	g_mutex_unlock(&server->lock);
	return n;
}

guint
pm_server_connections(PmServer *server)
{
	g_mutex_lock(&server->lock);
	guint n = server->n_open;
	g_mutex_unlock(&server->lock);
	return n;
}

void
pm_server_free(PmServer *server)
{
	if (server == NULL)
		return;
	if (server->ticker != NULL) {
		g_source_destroy(server->ticker);
		g_source_unref(server->ticker);
	}
	/* All that is suspended is resumed by the pool's end. */
	pm_pool_free(server->pool);
	if (server->http != NULL)
		MHD_stop_daemon(server->http);
	g_hash_table_unref(server->links);
	g_main_context_unref(server->context);
	g_mutex_clear(&server->lock);
	g_free(server);
}
