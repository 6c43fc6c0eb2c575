/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http.h"

#include <string.h>

/* Server and clients share the main context of the test, so that nothing waits by
 * sleeping. */

static const char *sickness; /* NULL: well */

static gboolean
is_well(char **reason_out, gpointer user_data)
{
	g_assert_cmpstr(user_data, ==, "data");
	if (sickness == NULL)
		return TRUE;
	*reason_out = g_strdup(sickness);
	return FALSE;
}

static char *
some_metrics(void)
{
	return g_strdup("patchmail_connections 1\n");
}

typedef struct {
	PmHttp *http;
	char *address; /* HOST:PORT */
} Server;

static Server
start_server(PmHttpMetrics metrics)
{
	PmListen *listen = pm_listen_new();

	g_assert_true(pm_listen_add(listen, "tcp:127.0.0.1:0", 0, NULL));
	g_auto(GStrv) addresses = pm_listen_addresses(listen);
	return (Server){
		.http = pm_http_new(listen, metrics, is_well, (gpointer) "data"),
		.address = g_strdup(addresses[0] + strlen("tcp:")),
	};
}

static void
stop_server(Server *server)
{
	g_clear_pointer(&server->http, pm_http_free);
	g_clear_pointer(&server->address, g_free);
}

typedef struct {
	GSocketConnection *connection;
	GString *got;
	gboolean is_over;
	char bytes[4096];
} Client;

static void
take_bytes(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Client *client = user_data;
	gssize n = g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);

	if (n <= 0) {
		client->is_over = TRUE;
		return;
	}
	g_string_append_len(client->got, client->bytes, n);
	g_input_stream_read_async(G_INPUT_STREAM(source), client->bytes,
				  sizeof client->bytes, 0, NULL, take_bytes, client);
}

static Client *
client_new(const Server *server)
{
	Client *client = g_new0(Client, 1);
	g_autoptr(GSocketClient) maker =
		g_object_new(G_TYPE_SOCKET_CLIENT, "enable-proxy", FALSE, NULL);
	g_autoptr(GError) error = NULL;

	client->connection =
		g_socket_client_connect_to_host(maker, server->address, 0, NULL, &error);
	g_assert_no_error(error);
	client->got = g_string_new(NULL);
	g_input_stream_read_async(
		g_io_stream_get_input_stream(G_IO_STREAM(client->connection)),
		client->bytes, sizeof client->bytes, 0, NULL, take_bytes, client);
	return client;
}

/* FALSE: the server is not there any more. */
static gboolean
client_send(Client *client, const char *bytes, gsize len)
{
	return g_output_stream_write_all(
		g_io_stream_get_output_stream(G_IO_STREAM(client->connection)), bytes,
		len, NULL, NULL, NULL);
}

static void
client_wait(Client *client)
{
	while (!client->is_over)
		(void)g_main_context_iteration(NULL, TRUE);
}

static void
client_free(gpointer data)
{
	Client *client = data;

	client_wait(client);
	(void)g_io_stream_close(G_IO_STREAM(client->connection), NULL, NULL);
	g_object_unref(client->connection);
	g_string_free(client->got, TRUE);
	g_free(client);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Client, client_free)

#define LEN(text) text, sizeof text - 1

static const struct {
	const char *name, *request;
	size_t len;
	const char *sickness;
	int status;
	const char *want; /* in the answer */
} requests[] = {
	{"metrics", LEN("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"), NULL, 200,
	 "\r\n\r\npatchmail_connections 1\n"},
	{"its type", LEN("GET /metrics HTTP/1.1\r\n\r\n"), NULL, 200,
	 "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"},
	{"its length", LEN("GET /metrics HTTP/1.1\r\n\r\n"), NULL, 200,
	 "Content-Length: 24\r\n"},
	{"a query", LEN("GET /metrics?name=x HTTP/1.1\r\n\r\n"), NULL, 200,
	 "connections 1"},
	{"HTTP/1.0", LEN("GET /metrics HTTP/1.0\r\n\r\n"), NULL, 200,
	 "Connection: close\r\n"},
	{"bare LF", LEN("GET /metrics HTTP/1.1\nHost: x\n\n"), NULL, 200,
	 "connections 1"},
	{"well", LEN("GET /health HTTP/1.1\r\n\r\n"), NULL, 200, "\r\n\r\nok\n"},
	{"not well", LEN("GET /health HTTP/1.1\r\n\r\n"), "the database is away", 503,
	 "\r\n\r\nthe database is away\n"},
	{"pipelined", LEN("GET /health HTTP/1.1\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n"),
	 NULL, 200, "\r\n\r\nok\n"},
	{"elsewhere", LEN("GET / HTTP/1.1\r\n\r\n"), NULL, 404, "/metrics"},
	{"longer path", LEN("GET /metrics/x HTTP/1.1\r\n\r\n"), NULL, 404, "/metrics"},
	{"shorter path", LEN("GET /metric HTTP/1.1\r\n\r\n"), NULL, 404, "/metrics"},
	{"POST", LEN("POST /metrics HTTP/1.1\r\nContent-Length: 2\r\n\r\nab"), NULL, 405,
	 "Allow: GET, HEAD\r\n"},
	{"no version", LEN("GET /metrics\r\n\r\n"), NULL, 400, "no HTTP/1 request"},
	{"HTTP/2", LEN("PRI * HTTP/2.0\r\n\r\n"), NULL, 400, "no HTTP/1 request"},
	{"no method", LEN(" /metrics HTTP/1.1\r\n\r\n"), NULL, 400, "no HTTP/1 request"},
	{"a fourth word", LEN("GET /metrics HTTP/1.1 x\r\n\r\n"), NULL, 400, "no HTTP/1"},
	{"an empty line", LEN("\r\n\r\n"), NULL, 400, "no HTTP/1 request"},
	{"a NUL", LEN("GET /met\0rics HTTP/1.1\r\n\r\n"), NULL, 400, "no HTTP/1 request"},
	{"another protocol", LEN("LHLO x\r\nQUIT\r\n\r\n"), NULL, 400,
	 "no HTTP/1 request"},
};

static void
assert_answer(const char *name, const char *got, int status, const char *want)
{
	g_autofree char *line = g_strdup_printf("HTTP/1.1 %d ", status);

	if (!g_str_has_prefix(got, line) || strstr(got, want) == NULL)
		g_error("%s: want %s and %s, got %s", name, line, want, got);
}

static void
test_requests(void)
{
	Server server = start_server(some_metrics);

	for (guint i = 0; i < G_N_ELEMENTS(requests); i++) {
		g_autoptr(Client) client = client_new(&server);

		sickness = requests[i].sickness;
		g_assert_true(client_send(client, requests[i].request, requests[i].len));
		client_wait(client);
		assert_answer(requests[i].name, client->got->str, requests[i].status,
			      requests[i].want);
	}
	sickness = NULL;
	stop_server(&server);
}

static void
test_head_method(void)
{
	Server server = start_server(some_metrics);
	g_autoptr(Client) client = client_new(&server);

	g_assert_true(client_send(client, LEN("HEAD /metrics HTTP/1.1\r\n\r\n")));
	client_wait(client);
	assert_answer("HEAD", client->got->str, 200, "Content-Length: 24\r\n");
	g_assert_true(g_str_has_suffix(client->got->str, "\r\n\r\n"));
	stop_server(&server);
}

static void
test_byte_by_byte(void)
{
	const char *request = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
	Server server = start_server(some_metrics);
	g_autoptr(Client) client = client_new(&server);

	for (const char *at = request; *at != '\0'; at++) {
		g_assert_cmpuint(client->got->len, ==, 0);
		g_assert_true(client_send(client, at, 1));
		while (g_main_context_iteration(NULL, FALSE))
			;
	}
	client_wait(client);
	assert_answer("trickle", client->got->str, 200, "\r\n\r\nok\n");
	stop_server(&server);
}

/* A head of the most bytes is read, one byte more is not. */
static void
test_head_length(void)
{
	static const char start[] = "GET /health HTTP/1.1\r\nX: ", end[] = "\r\n\r\n";
	Server server = start_server(some_metrics);

	for (gsize len = PM_HTTP_HEAD_MAX; len <= PM_HTTP_HEAD_MAX + 1024; len += 1024) {
		g_autoptr(Client) client = client_new(&server);
		g_autofree char *filler =
			g_strnfill(len - strlen(start) - strlen(end), 'x');
		g_autofree char *request = g_strconcat(start, filler, end, NULL);

		g_assert_true(client_send(client, request, strlen(request)));
		client_wait(client);
		assert_answer("a long head", client->got->str,
			      len == PM_HTTP_HEAD_MAX ? 200 : 400,
			      len == PM_HTTP_HEAD_MAX ? "ok" : "too long");
	}
	stop_server(&server);
}

static char *
many_metrics(void)
{
	return g_strnfill(4 * 1024 * 1024, 'm');
}

/* More than a socket's buffer holds. */
static void
test_long_answer(void)
{
	Server server = start_server(many_metrics);
	g_autoptr(Client) client = client_new(&server);

	g_assert_true(client_send(client, LEN("GET /metrics HTTP/1.1\r\n\r\n")));
	client_wait(client);
	assert_answer("a long answer", client->got->str, 200,
		      "Content-Length: 4194304\r\n");
	const char *body = strstr(client->got->str, "\r\n\r\n") + 4;
	g_assert_cmpuint(strlen(body), ==, 4194304);
	stop_server(&server);
}

/* Those beyond the most wait until others have gone. */
static void
test_connections(void)
{
	Server server = start_server(some_metrics);
	g_autoptr(GPtrArray) clients = g_ptr_array_new_with_free_func(client_free);

	for (guint i = 0; i < PM_HTTP_CONNECTIONS_MAX + 4; i++)
		g_ptr_array_add(clients, client_new(&server));
	Client *last = clients->pdata[PM_HTTP_CONNECTIONS_MAX + 3];
	g_assert_true(client_send(last, LEN("GET /health HTTP/1.1\r\n\r\n")));
	while (g_main_context_iteration(NULL, FALSE))
		;
	g_assert_cmpuint(last->got->len, ==, 0);
	for (guint i = 0; i < 4; i++) {
		Client *client = clients->pdata[i];

		g_assert_true(client_send(client, LEN("GET / HTTP/1.1\r\n\r\n")));
		client_wait(client);
		(void)g_io_stream_close(G_IO_STREAM(client->connection), NULL, NULL);
	}
	client_wait(last);
	assert_answer("the last one", last->got->str, 200, "ok");
	/* Ends the others in the middle of what they say. */
	stop_server(&server);
}

/* Clients that go away at any point leave the server as it was. */
static void
test_gone(void)
{
	static const char request[] = "GET /metrics HTTP/1.1\r\n\r\n";
	Server server = start_server(many_metrics);

	for (gsize len = 0; len < sizeof request; len += 5) {
		g_autoptr(GSocketClient) maker =
			g_object_new(G_TYPE_SOCKET_CLIENT, "enable-proxy", FALSE, NULL);
		g_autoptr(GSocketConnection) gone = g_socket_client_connect_to_host(
			maker, server.address, 0, NULL, NULL);

		g_assert_true(g_output_stream_write_all(
			g_io_stream_get_output_stream(G_IO_STREAM(gone)), request, len,
			NULL, NULL, NULL));
		while (g_main_context_iteration(NULL, FALSE))
			;
	}
	g_autoptr(Client) client = client_new(&server);
	g_assert_true(client_send(client, LEN("GET /health HTTP/1.1\r\n\r\n")));
	client_wait(client);
	assert_answer("afterwards", client->got->str, 200, "ok");
	stop_server(&server);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/http/requests", test_requests);
	g_test_add_func("/http/head-method", test_head_method);
	g_test_add_func("/http/byte-by-byte", test_byte_by_byte);
	g_test_add_func("/http/head-length", test_head_length);
	g_test_add_func("/http/long-answer", test_long_answer);
	g_test_add_func("/http/connections", test_connections);
	g_test_add_func("/http/gone", test_gone);
	return g_test_run();
}
