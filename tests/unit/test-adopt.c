/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/listen.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/error.h"

/* Sockets handed over as systemd does: this program runs itself as the child that gets
 * them. */

static const char *program;
static char *folder;

static char *
path_of(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static GSocketConnection *
connect_to(const char *path)
{
	g_autoptr(GSocketClient) client =
		g_object_new(G_TYPE_SOCKET_CLIENT, "enable-proxy", FALSE, NULL);
	g_autoptr(GSocketAddress) target = g_unix_socket_address_new(path);
	g_autoptr(GError) error = NULL;
	GSocketConnection *connection = g_socket_client_connect(
		client, G_SOCKET_CONNECTABLE(target), NULL, &error);

	g_assert_no_error(error);
	return connection;
}

/* What systemd does: sockets from 3 on, and three variables, one with the child's id. */
static GPid
spawn_child(const char *role, const int *fds, guint n_fds, const char *names,
	    gboolean is_pid_right)
{
	GPid pid = fork();

	if (pid != 0)
		return pid;
	g_autofree char *count = g_strdup_printf("%u", n_fds);
	g_autofree char *own = g_strdup_printf("%d", is_pid_right ? getpid() : 1);
	for (guint i = 0; i < n_fds; i++)
		(void)fcntl(fds[i], F_DUPFD, 100 + (int)i);
	for (guint i = 0; i < n_fds; i++)
		(void)dup2(100 + (int)i, 3 + (int)i);
	g_setenv("LISTEN_FDS", count, TRUE);
	g_setenv("LISTEN_PID", own, TRUE);
	if (names != NULL)
		g_setenv("LISTEN_FDNAMES", names, TRUE);
	execl(program, program, "--child", role, NULL);
	_exit(127);
}

static int
wait_for_child(GPid pid)
{
	int status = 0;

	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static guint n_greeted;

static void
greet(GSocketConnection *connection, gpointer user_data)
{
	const char *greeting = user_data;
	GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));

	g_assert_true(g_output_stream_write_all(out, greeting, strlen(greeting), NULL,
						NULL, NULL));
	n_greeted++;
}

/* The child's side: 0 when all was as it must be. */
static int
run_child(const char *role)
{
	g_autoptr(PmListen) listen = pm_listen_new(), metrics = pm_listen_new();
	g_autoptr(GError) error = NULL;
	guint n = 0, n_metrics = 0;

	if (!pm_listen_adopt(listen, "metrics", PM_LISTEN_NOT_NAMED, &n, &error) ||
	    !pm_listen_adopt(metrics, "metrics", PM_LISTEN_NAMED, &n_metrics, &error))
		return error->code == PM_ERROR_PERMANENT_CONFIG ? 20 : 21;
	if (g_str_equal(role, "count"))
		return (int)(10 * n_metrics + n);
	if (fcntl(3, F_GETFD) != FD_CLOEXEC)
		return 30;
	/* An address that was passed is not bound again. */
	g_auto(GStrv) addresses = pm_listen_addresses(listen);
	if (!pm_listen_add(listen, addresses[0], 0600, NULL) ||
	    pm_listen_count(listen) != n)
		return 31;
	pm_listen_start(listen, greet, (gpointer) "lmtp");
	pm_listen_start(metrics, greet, (gpointer) "metrics");
	while (n_greeted < 2)
		(void)g_main_context_iteration(NULL, TRUE);
	return 0;
}

static int
listening_fd(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_strlcpy(address.sun_path, path, sizeof address.sun_path);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
	g_assert_cmpint(listen(fd, 8), ==, 0);
	return fd;
}

static void
assert_greeting(GSocketConnection *connection, const char *want)
{
	char got[16] = "";

	g_assert_true(g_input_stream_read_all(
		g_io_stream_get_input_stream(G_IO_STREAM(connection)), got,
		sizeof got - 1, NULL, NULL, NULL));
	g_assert_cmpstr(got, ==, want);
}

static void
test_adopt(void)
{
	g_autofree char *path = path_of("passed");
	g_autofree char *metrics_path = path_of("passed-metrics");
	int fds[] = {listening_fd(metrics_path), listening_fd(path)};
	g_autoptr(GSocketConnection) mail = connect_to(path);
	g_autoptr(GSocketConnection) figures = connect_to(metrics_path);

	/* Both connections wait in the kernel's queue already. */
	GPid pid = spawn_child("serve", fds, 2, "metrics:lmtp", TRUE);
	close(fds[0]);
	close(fds[1]);
	assert_greeting(mail, "lmtp");
	assert_greeting(figures, "metrics");
	g_assert_cmpint(wait_for_child(pid), ==, 0);
	/* They are systemd's files. */
	g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_cmpint(g_unlink(metrics_path), ==, 0);
}

static void
test_adopt_counts(void)
{
	static const struct {
		const char *name, *names;
		gboolean is_pid_right;
		int want; /* ten times those for metrics, and the others */
	} cases[] = {
		{"for somebody else", "metrics:lmtp", FALSE, 0},
		{"without names", NULL, TRUE, 2},
		{"fewer names than sockets", "metrics", TRUE, 11},
		{"all of one name", "metrics:metrics", TRUE, 20},
		{"as systemd names them", "patchmaild.socket:patchmaild.socket", TRUE, 2},
	};
	g_autofree char *path = path_of("count-1"), *other = path_of("count-2");
	int fds[] = {listening_fd(path), listening_fd(other)};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		GPid pid = spawn_child("count", fds, 2, cases[i].names,
				       cases[i].is_pid_right);
		int got = wait_for_child(pid);

		if (got != cases[i].want)
			g_error("%s: want %d, got %d", cases[i].name, cases[i].want, got);
	}
	close(fds[0]);
	close(fds[1]);
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_cmpint(g_unlink(other), ==, 0);
}

static void
test_adopt_nonsense(void)
{
	int fds[] = {open("/dev/null", O_RDONLY | O_CLOEXEC)};

	/* 20 is PM_ERROR_PERMANENT_CONFIG. */
	g_assert_cmpint(wait_for_child(spawn_child("count", fds, 1, NULL, TRUE)), ==, 20);
	close(fds[0]);
}

int
main(int argc, char **argv)
{
	if (argc == 3 && g_str_equal(argv[1], "--child"))
		return run_child(argv[2]);
	program = argv[0];
	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("patchmail-XXXXXX", NULL);
	g_test_add_func("/adopt/serve", test_adopt);
	g_test_add_func("/adopt/counts", test_adopt_counts);
	g_test_add_func("/adopt/nonsense", test_adopt_nonsense);
	int status = g_test_run();
	if (status == 0)
		g_assert_cmpint(g_rmdir(folder), ==, 0);
	g_free(folder);
	return status;
}
