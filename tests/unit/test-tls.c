/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/tls.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/error.h"

/*
 * Handshakes over a pair of sockets, the server's side in a thread. Certificates are made
 * by openssl(1), since those in a file would expire.
 */

/* LeakSanitizer itself crashes on the libraries that GIO loads for TLS. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

static char *folder;

static char *
path_of(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

/* Files NAME.crt and NAME.key, signed by themselves. */
static gboolean
make_certificate(const char *name)
{
	g_autofree char *command = g_strdup_printf(
		"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
		"-nodes -days 2 -subj /CN=%s.example.org -keyout %s/%s.key -out "
		"%s/%s.crt",
		name, folder, name, folder, name);
	g_autofree char *out = NULL, *err = NULL;
	int status = 0;

	return g_spawn_command_line_sync(command, &out, &err, &status, NULL) &&
	       g_spawn_check_wait_status(status, NULL);
}

static GIOStream *
stream_of(int fd)
{
	g_autoptr(GSocket) socket = g_socket_new_from_fd(fd, NULL);

	return G_IO_STREAM(g_socket_connection_factory_create_connection(socket));
}

typedef struct {
	PmTls *tls;
	GIOStream *base;
	char *description; /* NULL: refused */
	GError *error;
} Server;

/* Sends back what it reads, once. */
static gpointer
serve(gpointer data)
{
	Server *server = data;
	char bytes[64];
	g_autoptr(GIOStream) stream =
		pm_tls_accept(server->tls, server->base, NULL, &server->error);

	if (stream != NULL) {
		gssize n = g_input_stream_read(g_io_stream_get_input_stream(stream),
					       bytes, sizeof bytes, NULL, NULL);

		server->description = pm_tls_describe(stream);
		(void)g_output_stream_write_all(g_io_stream_get_output_stream(stream),
						bytes, (gsize)MAX(n, 0), NULL, NULL,
						NULL);
		(void)g_io_stream_close(stream, NULL, NULL);
	}
	(void)g_io_stream_close(server->base, NULL, NULL);
	return NULL;
}

static gboolean
accept_any(GTlsConnection *connection, GTlsCertificate *peer, GTlsCertificateFlags flags,
	   gpointer user_data)
{
	(void)connection;
	(void)peer;
	(void)flags;
	(void)user_data;
	return TRUE;
}

/* (transfer full) what came back; "" where nothing did. */
static char *
talk_tls(GIOStream *base, const char *certificate)
{
	g_autoptr(GIOStream) stream = g_tls_client_connection_new(base, NULL, NULL);
	char got[64] = "";

	g_signal_connect(stream, "accept-certificate", G_CALLBACK(accept_any), NULL);
	if (certificate != NULL) {
		g_autofree char *crt =
			g_strconcat(folder, "/", certificate, ".crt", NULL);
		g_autofree char *key =
			g_strconcat(folder, "/", certificate, ".key", NULL);
		g_autoptr(GTlsCertificate) own =
			g_tls_certificate_new_from_files(crt, key, NULL);

		g_tls_connection_set_certificate(G_TLS_CONNECTION(stream), own);
	}
	if (!g_output_stream_write_all(g_io_stream_get_output_stream(stream), "hello", 5,
				       NULL, NULL, NULL))
		return g_strdup("");
	(void)g_input_stream_read_all(g_io_stream_get_input_stream(stream), got,
				      sizeof got - 1, NULL, NULL, NULL);
	return g_strdup(got);
}

static char *
talk_plain(GIOStream *base)
{
	(void)g_output_stream_write_all(g_io_stream_get_output_stream(base), "LHLO x\r\n",
					8, NULL, NULL, NULL);
	(void)g_io_stream_close(base, NULL, NULL);
	return g_strdup("");
}

/* One connection; client is the certificate it shows, NULL for none, "" for no TLS. */
static Server
converse(PmTls *tls, const char *client, char **got_out)
{
	int fds[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
	g_autoptr(GIOStream) server_base = stream_of(fds[0]);
	g_autoptr(GIOStream) client_base = stream_of(fds[1]);
	Server server = {.tls = tls, .base = server_base};
	GThread *thread = g_thread_new("server", serve, &server);
	*got_out = g_strcmp0(client, "") == 0 ? talk_plain(client_base)
					      : talk_tls(client_base, client);
	(void)g_io_stream_close(client_base, NULL, NULL);
	(void)g_thread_join(thread);
	server.base = NULL;
	return server;
}

static PmTls *
tls_new(const char *name, const char *client_ca)
{
	g_autofree char *crt = g_strconcat(folder, "/", name, ".crt", NULL);
	g_autofree char *key = g_strconcat(folder, "/", name, ".key", NULL);
	g_autoptr(GError) error = NULL;
	PmTls *tls = pm_tls_new(crt, key, client_ca, &error);

	g_assert_no_error(error);
	return tls;
}

static void
test_handshake(void)
{
	g_autoptr(PmTls) tls = tls_new("server", NULL);
	g_autofree char *got = NULL;
	Server server = converse(tls, NULL, &got);

	g_assert_no_error(server.error);
	g_assert_cmpstr(got, ==, "hello");
	g_assert_true(g_str_has_prefix(server.description, "TLSv1."));
	g_free(server.description);
}

static void
test_no_tls(void)
{
	g_autoptr(PmTls) tls = tls_new("server", NULL);
	g_autofree char *got = NULL;
	Server server = converse(tls, "", &got);

	g_assert_error(server.error, PM_ERROR, PM_ERROR_PERMANENT_INPUT);
	g_assert_true(g_str_has_prefix(server.error->message, "could not start TLS: "));
	g_clear_error(&server.error);
}

static void
test_clients(void)
{
	static const struct {
		const char *name, *client;
		gboolean is_taken;
	} cases[] = {
		{"the right one", "client", TRUE},
		{"no certificate", NULL, FALSE},
		{"one of another authority", "server", FALSE},
	};
	g_autofree char *authority = path_of("client.crt");
	g_autoptr(PmTls) tls = tls_new("server", authority);

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = NULL;
		Server server = converse(tls, cases[i].client, &got);

		if ((server.error == NULL) != cases[i].is_taken)
			g_error("%s: want it %s, got %s", cases[i].name,
				cases[i].is_taken ? "taken" : "refused",
				server.error ? server.error->message : "taken");
		g_clear_error(&server.error);
		g_free(server.description);
	}
}

static void
test_files(void)
{
	g_autofree char *crt = path_of("server.crt"), *key = path_of("server.key");
	g_autofree char *absent = path_of("absent");
	const struct {
		const char *name, *certificate, *key, *client_ca, *want;
	} cases[] = {
		{"no certificate named", NULL, NULL, NULL, "no certificate is named"},
		{"an empty name", "", key, NULL, "no certificate is named"},
		{"no such certificate", absent, key, NULL, "absent"},
		{"no such key", crt, absent, NULL, "absent"},
		{"no key in the certificate", crt, NULL, NULL, "server.crt"},
		{"no such authorities", crt, key, absent, "authorities"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(PmTls) tls = pm_tls_new(cases[i].certificate, cases[i].key,
						  cases[i].client_ca, &error);

		if (tls != NULL)
			g_error("%s: want an error, got none", cases[i].name);
		g_assert_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG);
		if (strstr(error->message, cases[i].want) == NULL)
			g_error("%s: want \"%s\", got \"%s\"", cases[i].name,
				cases[i].want, error->message);
	}
}

/* A file that is broken for a while does no harm. */
static void
test_reload(void)
{
	g_autofree char *crt = path_of("renewed.crt"), *key = path_of("renewed.key");
	g_autofree char *other_crt = path_of("server.crt"),
			*other_key = path_of("server.key");
	g_autofree char *got = NULL, *again = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_true(make_certificate("renewed"));
	g_autoptr(PmTls) tls = tls_new("renewed", NULL);
	g_assert_true(g_file_set_contents(crt, "half a file", -1, NULL));
	g_assert_false(pm_tls_reload(tls, crt, key, NULL, &error));
	g_assert_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG);
	g_clear_error(&error);
	Server server = converse(tls, NULL, &got);
	g_assert_cmpstr(got, ==, "hello");
	g_free(server.description);
	g_assert_true(make_certificate("renewed"));
	g_assert_true(pm_tls_reload(tls, crt, key, NULL, NULL));
	server = converse(tls, NULL, &again);
	g_assert_cmpstr(again, ==, "hello");
	g_free(server.description);
	/* Other files, and one that is missing. */
	g_assert_true(pm_tls_reload(tls, other_crt, other_key, NULL, NULL));
	g_assert_false(pm_tls_reload(tls, other_crt, "/no/such.key", NULL, &error));
	g_assert_nonnull(strstr(error->message, "/no/such.key"));
	g_assert_false(pm_tls_reload(tls, "", "", NULL, NULL));
}

static void
remove_files(void)
{
	static const char *const names[] = {"server.crt", "server.key",	 "client.crt",
					    "client.key", "renewed.crt", "renewed.key"};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = path_of(names[i]);

		(void)g_unlink(path); /* not each test makes all */
	}
	(void)g_rmdir(folder);
	g_free(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("patchmail-XXXXXX", NULL);
	if (!g_tls_backend_supports_tls(g_tls_backend_get_default()) ||
	    !make_certificate("server") || !make_certificate("client")) {
		remove_files();
		g_print("1..0 # SKIP glib-networking or openssl is missing\n");
		return 0;
	}
	g_test_add_func("/tls/handshake", test_handshake);
	g_test_add_func("/tls/no-tls", test_no_tls);
	g_test_add_func("/tls/clients", test_clients);
	g_test_add_func("/tls/files", test_files);
	g_test_add_func("/tls/reload", test_reload);
	int status = g_test_run();
	remove_files();
	return status;
}
