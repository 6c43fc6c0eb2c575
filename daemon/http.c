/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http.h"

#include <string.h>

/*
 * A connection is a non-blocking socket with one source and a deadline:
 *
 *	READING the head -> WRITING the answer -> DRAINING what the client still sends -> gone
 *
 * Draining, after our side is shut: to close with bytes unread would reset the connection, and
 * the client might lose the answer. While the most connections are open, listening pauses
 * and the kernel queues. RFC 9112, without bodies and without persistence.
 */

typedef enum {
	STATE_READING,
	STATE_WRITING,
	STATE_DRAINING,
} State;

typedef struct {
	PmHttp *http;
	GSocketConnection *connection; /* owns socket */
	GSocket *socket;
	GSource *source, *deadline;
	State state;
	GString *head;
	GString *answer;
	gsize sent;
} Client;

struct PmHttp {
	PmListen *listen;
	PmHttpMetrics metrics;
	PmHttpHealth health;
	gpointer user_data;
	GPtrArray *clients;
	GMainContext *context;
};

static void
clear_source(GSource **source)
{
	if (*source == NULL)
		return;
	g_source_destroy(*source);
	g_clear_pointer(source, g_source_unref);
}

static void
free_client(gpointer data)
{
	Client *client = data;

	clear_source(&client->source);
	clear_source(&client->deadline);
	g_object_unref(client->connection);
	g_string_free(client->head, TRUE);
	g_string_free(client->answer, TRUE);
	g_free(client);
}

static void accept_client(GSocketConnection *connection, gpointer user_data);

static void
drop_client(Client *client)
{
	PmHttp *http = client->http;
	gboolean was_full = http->clients->len >= PM_HTTP_CONNECTIONS_MAX;

	g_ptr_array_remove_fast(http->clients, client);
	if (was_full)
		pm_listen_start(http->listen, accept_client, http);
}

static const char *
reason_phrase(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 503:
		return "Service Unavailable";
	default:
		return "Bad Request";
	}
}

static void
set_answer(Client *client, int status, const char *type, const char *body,
	   gboolean has_body)
{
	g_string_printf(client->answer,
			"HTTP/1.1 %d %s\r\n"
			"Content-Type: %s\r\n"
			"Content-Length: %" G_GSIZE_FORMAT "\r\n"
			"Cache-Control: no-store\r\n"
			"Connection: close\r\n"
			"%s\r\n",
			status, reason_phrase(status), type, strlen(body),
			status == 405 ? "Allow: GET, HEAD\r\n" : "");
	if (has_body)
		g_string_append(client->answer, body);
}

static void
set_plain_answer(Client *client, int status, const char *body, gboolean has_body)
{
	g_autofree char *line = g_strdup_printf("%s\n", body);

	set_answer(client, status, "text/plain; charset=utf-8", line, has_body);
}

static void
answer_health(Client *client, gboolean has_body)
{
	PmHttp *http = client->http;
	g_autofree char *reason = NULL;

	if (http->health == NULL || http->health(&reason, http->user_data))
		set_plain_answer(client, 200, "ok", has_body);
	else
		set_plain_answer(client, 503, reason ? reason : "not well", has_body);
}

static void
answer_metrics(Client *client, gboolean has_body)
{
	g_autofree char *text = client->http->metrics();

	set_answer(client, 200, "text/plain; version=0.0.4; charset=utf-8", text,
		   has_body);
}

static gboolean
is_path(const char *target, const char *path)
{
	size_t len = strcspn(target, "?#");

	return len == strlen(path) && strncmp(target, path, len) == 0;
}

/* line is the request line, RFC 9112, 3: method, target, version, single blanks. */
static void
answer_request(Client *client, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 4);
	gboolean is_head = FALSE;

	if (g_strv_length(words) != 3 || *words[0] == '\0' || *words[1] != '/' ||
	    !g_str_has_prefix(words[2], "HTTP/1.")) {
		set_plain_answer(client, 400, "this is no HTTP/1 request", TRUE);
		return;
	}
	is_head = g_str_equal(words[0], "HEAD");
	if (!is_head && !g_str_equal(words[0], "GET"))
		set_plain_answer(client, 405, "only GET and HEAD", TRUE);
	else if (is_path(words[1], "/metrics"))
		answer_metrics(client, !is_head);
	else if (is_path(words[1], "/health"))
		answer_health(client, !is_head);
	else
		set_plain_answer(client, 404, "there are /metrics and /health", !is_head);
}

/* Whether the head is whole. Line ends may lack their CR (RFC 9112, 2.2). What stands
 * before from was looked at before, so that a trickle is not read again and again. */
static gboolean
is_head_complete(const GString *head, gsize from)
{
	const char *at = head->str + from - MIN(from, 3);
	size_t len = (size_t)(head->str + head->len - at);

	/* Not strstr(): there may be NULs. */
	return memmem(at, len, "\r\n\r\n", 4) != NULL ||
	       memmem(at, len, "\n\n", 2) != NULL;
}

static gboolean is_socket_ready(GSocket *socket, GIOCondition condition, gpointer data);

static void
wait_for(Client *client, State next, GIOCondition condition)
{
	client->state = next;
	clear_source(&client->source);
	client->source = g_socket_create_source(client->socket, condition, NULL);
	g_source_set_callback(client->source, G_SOURCE_FUNC(is_socket_ready), client,
			      NULL);
	g_source_attach(client->source, client->http->context);
}

/* FALSE: the connection is over. This holds for what follows, too. */
static gboolean
write_answer(Client *client)
{
	g_autoptr(GError) failure = NULL;
	gssize n = g_socket_send(client->socket, client->answer->str + client->sent,
				 client->answer->len - client->sent, NULL, &failure);

	if (n < 0)
		return g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
	client->sent += (gsize)n;
	if (client->sent < client->answer->len)
		return TRUE;
	if (!g_socket_shutdown(client->socket, FALSE, TRUE, NULL))
		return FALSE;
	wait_for(client, STATE_DRAINING, G_IO_IN);
	return TRUE;
}

static gboolean
read_head(Client *client, const char *bytes, gsize len)
{
	gsize before = client->head->len;

	g_string_append_len(client->head, bytes, (gssize)len);
	if (is_head_complete(client->head, before)) {
		size_t line = strcspn(client->head->str, "\r\n");
		g_autofree char *first = g_strndup(client->head->str, line);

		answer_request(client, first);
	} else if (client->head->len >= PM_HTTP_HEAD_MAX) {
		set_plain_answer(client, 400, "the head is too long", TRUE);
	} else {
		return TRUE;
	}
	wait_for(client, STATE_WRITING, G_IO_OUT);
	return TRUE;
}

static gboolean
read_some(Client *client)
{
	char bytes[1024];
	g_autoptr(GError) failure = NULL;
	gssize n = g_socket_receive(client->socket, bytes, sizeof bytes, NULL, &failure);

	if (n < 0)
		return g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
	if (n == 0)
		return FALSE;
	return client->state == STATE_DRAINING || read_head(client, bytes, (gsize)n);
}

static gboolean
is_socket_ready(GSocket *socket, GIOCondition condition, gpointer data)
{
	Client *client = data;

	(void)socket;
	(void)condition;
	if (!(client->state == STATE_WRITING ? write_answer(client) : read_some(client)))
		drop_client(client);
	return G_SOURCE_CONTINUE; /* a source that was dropped is destroyed already */
}

static gboolean
end_client(gpointer data)
{
	drop_client(data);
	return G_SOURCE_CONTINUE;
}

static void
accept_client(GSocketConnection *connection, gpointer user_data)
{
	PmHttp *http = user_data;
	Client *client = g_new0(Client, 1);

	client->http = http;
	client->connection = g_object_ref(connection);
	client->socket = g_socket_connection_get_socket(connection);
	client->head = g_string_new(NULL);
	client->answer = g_string_new(NULL);
	g_socket_set_blocking(client->socket, FALSE);
	g_ptr_array_add(http->clients, client);
	client->deadline = g_timeout_source_new_seconds(PM_HTTP_TIMEOUT);
	g_source_set_callback(client->deadline, end_client, client, NULL);
	g_source_attach(client->deadline, http->context);
	wait_for(client, STATE_READING, G_IO_IN);
	if (http->clients->len >= PM_HTTP_CONNECTIONS_MAX)
		pm_listen_stop(http->listen);
}

PmHttp *
pm_http_new(PmListen *listen, PmHttpMetrics metrics, PmHttpHealth health,
	    gpointer user_data)
{
	PmHttp *http = g_new0(PmHttp, 1);

	http->listen = listen;
	http->metrics = metrics;
	http->health = health;
	http->user_data = user_data;
	http->clients = g_ptr_array_new_with_free_func(free_client);
	http->context = g_main_context_ref_thread_default();
	pm_listen_start(listen, accept_client, http);
	return http;
}

void
pm_http_free(PmHttp *http)
{
	if (http == NULL)
		return;
	pm_listen_free(http->listen);
	g_ptr_array_unref(http->clients);
	g_main_context_unref(http->context);
	g_free(http);
}
