/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/error.h"

/* Real sockets: unix ones in a folder of their own, TCP on loopback with free ports. */

static char *folder;

static char *
path_of(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static char *
unix_of(const char *name)
{
	return g_strdup_printf("unix:%s/%s", folder, name);
}

typedef struct {
	PmListen *listen;
	GPtrArray *peers; /* of char * */
	guint stop_at;	  /* stop listening at this many */
} Server;

static void
take_connection(GSocketConnection *connection, gpointer user_data)
{
	Server *server = user_data;
	int fd = g_socket_get_fd(g_socket_connection_get_socket(connection));

	g_assert_cmpint(fcntl(fd, F_GETFD) & FD_CLOEXEC, !=, 0);
	g_assert_true(g_socket_get_blocking(g_socket_connection_get_socket(connection)));
	g_ptr_array_add(server->peers, pm_listen_peer(connection));
	if (server->peers->len == server->stop_at)
		pm_listen_stop(server->listen);
}

static GSocketConnection *
connect_to(const char *address)
{
	g_autoptr(GSocketClient) client =
		g_object_new(G_TYPE_SOCKET_CLIENT, "enable-proxy", FALSE, NULL);
	g_autoptr(GSocketConnectable) target = NULL;
	g_autoptr(GError) error = NULL;

	if (g_str_has_prefix(address, "unix:"))
		target = G_SOCKET_CONNECTABLE(g_unix_socket_address_new(address + 5));
	else
		target = g_network_address_parse(address + 4, 0, &error);
	g_assert_no_error(error);
	GSocketConnection *connection =
		g_socket_client_connect(client, target, NULL, &error);
	g_assert_no_error(error);
	return connection;
}

static void
wait_for_peers(const Server *server, guint n)
{
	while (server->peers->len < n)
		(void)g_main_context_iteration(NULL, TRUE);
}

static const struct {
	const char *name, *address, *want; /* in the message */
} refusals[] = {
	{"empty", "", "neither unix:PATH nor tcp:HOST:PORT"},
	{"no scheme", "/run/lmtp", "neither"},
	{"another scheme", "inet:localhost:24", "neither"},
	{"no path", "unix:", "1 to 107 bytes"},
	{"no port", "tcp:127.0.0.1", "tcp:HOST:PORT"},
	{"an empty port", "tcp:127.0.0.1:", "port is a number"},
	{"a named port", "tcp:127.0.0.1:lmtp", "port is a number"},
	{"a large port", "tcp:127.0.0.1:65536", "port is a number"},
	{"a negative port", "tcp:127.0.0.1:-1", "port is a number"},
	{"no host", "tcp::24", "tcp:HOST:PORT"},
	{"IPv6 without brackets", "tcp:::1:24", "tcp:[IPV6]:PORT"},
	{"an unknown host", "tcp:no-such-host.invalid:24", "no-such-host.invalid"},
	{"not ours", "tcp:192.0.2.1:24", "192.0.2.1"},
	{"no folder", "unix:/no-such-folder/deep/socket", "No such file"},
};

static void
test_refusals(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(refusals); i++) {
		g_autoptr(PmListen) listen = pm_listen_new();
		g_autoptr(GError) error = NULL;

		if (pm_listen_add(listen, refusals[i].address, 0600, &error))
			g_error("%s: want a refusal, got a socket", refusals[i].name);
		g_assert_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG);
		if (strstr(error->message, refusals[i].want) == NULL)
			g_error("%s: want \"%s\", got \"%s\"", refusals[i].name,
				refusals[i].want, error->message);
		g_assert_cmpuint(pm_listen_count(listen), ==, 0);
	}
}

static void
test_unix(void)
{
	g_autoptr(PmListen) listen = pm_listen_new();
	g_autoptr(GPtrArray) peers = g_ptr_array_new_with_free_func(g_free);
	Server server = {.listen = listen, .peers = peers};
	g_autofree char *address = unix_of("made/unix");
	g_autofree char *path = path_of("made/unix"), *made = path_of("made");
	g_autofree char *want = g_strdup_printf("unix:uid=%u", (guint)getuid());
	g_autoptr(GError) error = NULL;
	struct stat status;

	g_assert_true(pm_listen_add(listen, address, 0620, &error));
	g_assert_no_error(error);
	g_assert_cmpint(lstat(path, &status), ==, 0);
	g_assert_cmpint(status.st_mode & 0777, ==, 0620);
	pm_listen_start(listen, take_connection, &server);
	g_autoptr(GSocketConnection) first = connect_to(address);
	g_autoptr(GSocketConnection) second = connect_to(address);
	wait_for_peers(&server, 2);
	g_assert_cmpstr(peers->pdata[0], ==, want);
	g_clear_pointer(&listen, pm_listen_free);
	g_assert_cmpint(lstat(path, &status), !=, 0);
	g_assert_cmpint(g_rmdir(made), ==, 0);
}

/* sun_path holds 107 bytes and a NUL. */
static void
test_path_length(void)
{
	g_autofree char *cwd = g_get_current_dir();

	g_assert_cmpint(g_chdir(folder), ==, 0);
	for (size_t len = 107; len <= 108; len++) {
		g_autoptr(PmListen) listen = pm_listen_new();
		g_autofree char *name = g_strnfill(len, 'x');
		g_autofree char *address = g_strconcat("unix:", name, NULL);

		g_assert_cmpint(pm_listen_add(listen, address, 0600, NULL), ==,
				len == 107);
	}
	g_assert_cmpint(g_chdir(cwd), ==, 0);
}

/* Leaves the file of a socket behind, as a server that was killed does. */
static void
leave_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_strlcpy(address.sun_path, path, sizeof address.sun_path);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
	g_assert_cmpint(listen(fd, 1), ==, 0);
	close(fd);
}

static void
test_stale(void)
{
	g_autoptr(PmListen) listen = pm_listen_new();
	g_autofree char *address = unix_of("stale"), *path = path_of("stale");
	g_autoptr(GError) error = NULL;

	leave_socket(path);
	g_assert_true(pm_listen_add(listen, address, 0600, &error));
	g_assert_no_error(error);
	g_autoptr(GSocketConnection) connection = connect_to(address);
	g_assert_nonnull(connection);
}

static void
test_in_use(void)
{
	g_autoptr(PmListen) first = pm_listen_new(), second = pm_listen_new();
	g_autofree char *address = unix_of("used"), *path = path_of("file");
	g_autofree char *file = unix_of("file");
	g_autoptr(GError) error = NULL;

	g_assert_true(pm_listen_add(first, address, 0600, NULL));
	g_assert_false(pm_listen_add(second, address, 0600, &error));
	g_assert_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG);
	g_assert_nonnull(strstr(error->message, "another server"));
	g_clear_error(&error);
	/* The first one still answers. */
	g_autoptr(GSocketConnection) connection = connect_to(address);
	g_assert_nonnull(connection);

	g_assert_true(g_file_set_contents(path, "precious", -1, NULL));
	g_assert_false(pm_listen_add(second, file, 0600, &error));
	g_assert_nonnull(strstr(error->message, "no socket"));
	g_assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
	g_assert_cmpint(g_unlink(path), ==, 0);
}

/* What another server put in the place of our file stays. */
static void
test_replaced(void)
{
	g_autoptr(PmListen) first = pm_listen_new(), second = pm_listen_new();
	g_autofree char *address = unix_of("replaced"), *path = path_of("replaced");

	g_assert_true(pm_listen_add(first, address, 0600, NULL));
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_true(pm_listen_add(second, address, 0600, NULL));
	g_clear_pointer(&first, pm_listen_free);
	g_autoptr(GSocketConnection) connection = connect_to(address);
	g_assert_nonnull(connection);
}

static gboolean
has_ipv6(void)
{
	g_autoptr(PmListen) listen = pm_listen_new();

	return pm_listen_add(listen, "tcp:[::1]:0", 0, NULL);
}

static const struct {
	const char *name, *addresses;
	guint at_least;
	gboolean needs_ipv6;
	const char *prefix; /* of the first address */
} tcp_cases[] = {
	{"IPv4", "tcp:127.0.0.1:0", 1, FALSE, "tcp:127.0.0.1:"},
	{"IPv6", "tcp:[::1]:0", 1, TRUE, "tcp:[::1]:"},
	{"a name", "tcp:localhost:0", 1, FALSE, "tcp:"},
	{"everywhere", "tcp:*:0", 1, FALSE, "tcp:"},
	{"several", " tcp:127.0.0.1:0;tcp:127.0.0.2:0 ;\ttcp:127.0.0.3:0", 3, FALSE,
	 "tcp:"},
	{"none", " ; ", 0, FALSE, NULL},
	{"nothing", NULL, 0, FALSE, NULL},
};

static void
test_tcp(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(tcp_cases); i++) {
		g_autoptr(PmListen) listen = pm_listen_new();
		g_autoptr(GError) error = NULL;

		if (tcp_cases[i].needs_ipv6 && !has_ipv6())
			continue;
		if (!pm_listen_add_list(listen, tcp_cases[i].addresses, 0, &error))
			g_error("%s: want sockets, got \"%s\"", tcp_cases[i].name,
				error->message);
		g_assert_cmpuint(pm_listen_count(listen), >=, tcp_cases[i].at_least);
		g_auto(GStrv) addresses = pm_listen_addresses(listen);
		g_assert_cmpuint(g_strv_length(addresses), ==, pm_listen_count(listen));
		if (tcp_cases[i].prefix == NULL)
			continue;
		if (!g_str_has_prefix(addresses[0], tcp_cases[i].prefix) ||
		    g_str_has_suffix(addresses[0], ":0"))
			g_error("%s: want %s and a port, got %s", tcp_cases[i].name,
				tcp_cases[i].prefix, addresses[0]);
	}
}

/* Both families reach a socket that is everywhere. */
static void
test_everywhere(void)
{
	g_autoptr(PmListen) listen = pm_listen_new();
	g_autoptr(GPtrArray) peers = g_ptr_array_new_with_free_func(g_free);
	Server server = {.listen = listen, .peers = peers};

	g_assert_true(pm_listen_add(listen, "tcp:*:0", 0, NULL));
	pm_listen_start(listen, take_connection, &server);
	g_auto(GStrv) addresses = pm_listen_addresses(listen);
	g_autofree char *ipv4 =
		g_strconcat("tcp:127.0.0.1", strrchr(addresses[0], ':'), NULL);
	g_autoptr(GSocketConnection) connection = connect_to(ipv4);
	wait_for_peers(&server, 1);
	g_assert_nonnull(strstr(peers->pdata[0], "127.0.0.1"));
}

static void
test_tcp_in_use(void)
{
	g_autoptr(PmListen) first = pm_listen_new(), second = pm_listen_new();
	g_autoptr(GError) error = NULL;

	g_assert_true(pm_listen_add(first, "tcp:127.0.0.1:0", 0, NULL));
	g_auto(GStrv) addresses = pm_listen_addresses(first);
	g_assert_false(pm_listen_add(second, addresses[0], 0, &error));
	g_assert_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG);
	g_assert_nonnull(strstr(error->message, g_strerror(EADDRINUSE)));
	/* In the same set it is there already. */
	g_assert_true(pm_listen_add(first, addresses[0], 0, NULL));
	g_assert_cmpuint(pm_listen_count(first), ==, 1);
}

/* Stopping from within the callback leaves the rest in the kernel's queue. */
static void
test_stop(void)
{
	g_autoptr(PmListen) listen = pm_listen_new();
	g_autoptr(GPtrArray) peers = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) clients = g_ptr_array_new_with_free_func(g_object_unref);
	Server server = {.listen = listen, .peers = peers, .stop_at = 2};
	g_autofree char *address = unix_of("stop");

	g_assert_true(pm_listen_add(listen, address, 0600, NULL));
	pm_listen_start(listen, take_connection, &server);
	for (guint i = 0; i < 5; i++)
		g_ptr_array_add(clients, connect_to(address));
	wait_for_peers(&server, 2);
	while (g_main_context_iteration(NULL, FALSE))
		;
	g_assert_cmpuint(peers->len, ==, 2);
	pm_listen_start(listen, take_connection, &server);
	wait_for_peers(&server, 5);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("patchmail-XXXXXX", NULL);
	g_test_add_func("/listen/refusals", test_refusals);
	g_test_add_func("/listen/unix", test_unix);
	g_test_add_func("/listen/path-length", test_path_length);
	g_test_add_func("/listen/stale", test_stale);
	g_test_add_func("/listen/in-use", test_in_use);
	g_test_add_func("/listen/replaced", test_replaced);
	g_test_add_func("/listen/tcp", test_tcp);
	g_test_add_func("/listen/everywhere", test_everywhere);
	g_test_add_func("/listen/tcp-in-use", test_tcp_in_use);
	g_test_add_func("/listen/stop", test_stop);
	int status = g_test_run();
	if (status == 0)
		g_assert_cmpint(g_rmdir(folder), ==, 0);
	g_free(folder);
	return status;
}
