/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/server.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "daemon/api/exchange.h"
#include "daemon/log.h"
#include "lib/error.h"

/*
 * exchange.h has what happens to a request. libmicrohttpd's own timeout counts from the last
 * byte, which a slow client can put off for ever; so each connection has a deadline here, and
 * is shut down behind it.
 */

struct PmServer {
	PmTraffic traffic;
	guint max_connections;
	struct MHD_Daemon *http;
	PmListen *listen;
	guint n_open; /* under traffic's lock: handed over and not closed */
	gboolean is_full, is_stopping; /* main thread's */
	GMainContext *context;
	GSource *ticker;
};

static void accept_client(GSocketConnection *connection, gpointer user_data);

static void
count_open(PmServer *server, int by)
{
	g_mutex_lock(&server->traffic.lock);
	server->n_open = (guint)((int)server->n_open + by);
	g_mutex_unlock(&server->traffic.lock);
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

	g_mutex_lock(&server->traffic.lock);
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *info = MHD_get_connection_info(
			connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		PmLink *link = g_new0(PmLink, 1);

		link->fd = info->connect_fd;
		link->deadline = g_get_monotonic_time() +
				 PM_SERVER_REQUEST_TIMEOUT * G_USEC_PER_SEC;
		g_hash_table_add(server->traffic.links, link);
		*context = link;
	} else {
		g_hash_table_remove(server->traffic.links, *context);
		server->n_open--;
		*context = NULL;
	}
	g_mutex_unlock(&server->traffic.lock);
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

	g_mutex_lock(&server->traffic.lock);
	g_hash_table_iter_init(&iter, server->traffic.links);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		PmLink *link = key;

		if (link->deadline != 0 && link->deadline < now)
			(void)shutdown(link->fd, SHUT_RDWR);
	}
	g_mutex_unlock(&server->traffic.lock);
	pm_waiting_tick(server->traffic.waiting);
	(void)accept_again(server);
	return G_SOURCE_CONTINUE;
}

static void *
begin_request(void *data, const char *target, struct MHD_Connection *connection)
{
	PmServer *server = data;
	PmLink *link = pm_link_of(connection);

	if (link == NULL)
		return NULL;
	/* The end of one whose head is refused is never told. */
	pm_exchange_free(link->exchange);
	link->exchange = pm_exchange_new(&server->traffic, connection, target);
	return link->exchange;
}

static void
end_request(void *data, struct MHD_Connection *connection, void **context,
	    enum MHD_RequestTerminationCode code)
{
	PmServer *server = data;
	PmLink *link = pm_link_of(connection);

	(void)code;
	if (*context == NULL)
		return;
	pm_exchange_set_deadline(&server->traffic, connection, PM_SERVER_REQUEST_TIMEOUT);
	if (link != NULL)
		link->exchange = NULL;
	pm_exchange_free(*context);
	*context = NULL;
}

static enum MHD_Result
handle(void *data, struct MHD_Connection *connection, const char *url, const char *method,
       const char *version, const char *bytes, size_t *len, void **context)
{
	(void)data;
	(void)url;
	(void)version;
	if (*context == NULL)
		return MHD_NO;
	return (enum MHD_Result)pm_exchange_handle(*context, connection, method, bytes,
						   len);
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

	g_mutex_init(&server->traffic.lock);
	server->traffic.answer = pm_answer_options_ref(options->answer);
	server->max_connections = options->max_connections;
	server->listen = listen;
	server->traffic.links = g_hash_table_new_full(NULL, NULL, pm_link_free, NULL);
	server->context = g_main_context_ref_thread_default();
	server->traffic.pool = pm_pool_new(&options->pool, pm_exchange_done);
	server->traffic.waiting =
		pm_waiting_new(&options->pool, options->max_waiting, pm_exchange_wake);
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
	pm_waiting_end(server->traffic.waiting);
}

void
pm_server_reload(PmServer *server, PmAnswerOptions *options)
{
	g_mutex_lock(&server->traffic.lock);
	g_autoptr(PmAnswerOptions) old = server->traffic.answer;
	server->traffic.answer = pm_answer_options_ref(options);
	g_mutex_unlock(&server->traffic.lock);
	pm_pool_forget(server->traffic.pool);
}

guint
pm_server_busy(PmServer *server)
{
	g_mutex_lock(&server->traffic.lock);
	guint n = server->traffic.n_busy;
	g_mutex_unlock(&server->traffic.lock);
	return n;
}

guint
pm_server_connections(PmServer *server)
{
	g_mutex_lock(&server->traffic.lock);
	guint n = server->n_open;
	g_mutex_unlock(&server->traffic.lock);
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
	/* All that is suspended is resumed: who waits now, what is queued by the pool's
	 * end. */
	pm_waiting_end(server->traffic.waiting);
	g_mutex_lock(&server->traffic.lock);
	server->traffic.is_closing = TRUE;
	g_mutex_unlock(&server->traffic.lock);
	pm_pool_free(server->traffic.pool);
	if (server->http != NULL)
		MHD_stop_daemon(server->http);
	pm_waiting_free(server->traffic.waiting);
	pm_answer_options_unref(server->traffic.answer);
	g_hash_table_unref(server->traffic.links);
	g_main_context_unref(server->context);
	g_mutex_clear(&server->traffic.lock);
	g_free(server);
}
