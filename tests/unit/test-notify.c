/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/notify.h"

#include <glib/gstdio.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* A manager that reads what it is told, on a socket with a path and an abstract one. */

/* name is a path, or begins with '@'. */
static int
manager_socket(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	socklen_t len =
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	memcpy(address.sun_path, name, strlen(name));
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, len), ==, 0);
	g_setenv("NOTIFY_SOCKET", name, TRUE);
	return fd;
}

/* (transfer full): "" where nothing came. */
static char *
told(int fd)
{
	char text[2048];
	ssize_t n = recv(fd, text, sizeof text, 0);

	return g_strndup(text, n < 0 ? 0 : (gsize)n);
}

static void
assert_told(int fd, gboolean is_sent, const char *want)
{
	g_autofree char *got = told(fd);

	g_assert_true(is_sent);
	g_assert_cmpstr(got, ==, want);
}

static void
assert_messages(int fd)
{
	g_autofree char *long_status = g_strnfill(600, 's');
	g_autofree char *cut = g_strnfill(512, 's');
	g_autofree char *want = g_strconcat("STATUS=", cut, NULL);

	assert_told(fd, pm_notify_ready(NULL), "READY=1");
	assert_told(fd, pm_notify_ready("3 sockets"), "READY=1\nSTATUS=3 sockets");
	assert_told(fd, pm_notify_stopping(NULL), "STOPPING=1");
	assert_told(fd, pm_notify_stopping("2 left"), "STOPPING=1\nSTATUS=2 left");
	assert_told(fd, pm_notify_watchdog(), "WATCHDOG=1");
	assert_told(fd, pm_notify_status("a = b"), "STATUS=a = b");
	assert_told(fd, pm_notify_status(NULL), "STATUS=");
	assert_told(fd, pm_notify_status("one\nREADY=1"), "STATUS=one");
	assert_told(fd, pm_notify_status("a\xff"), "STATUS=a\xef\xbf\xbd");
	assert_told(fd, pm_notify_status(long_status), want);
}

static void
test_path(void)
{
	g_autofree char *folder = g_dir_make_tmp("patchmail-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "notify", NULL);
	int fd = manager_socket(path);

	assert_messages(fd);
	close(fd);
	/* A manager that is gone is no failure of ours. */
	g_assert_false(pm_notify_watchdog());
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_false(pm_notify_watchdog());
	g_assert_cmpint(g_rmdir(folder), ==, 0);
}

static void
test_abstract(void)
{
	g_autofree char *name = g_strdup_printf("@patchmail-test-%d", getpid());
	int fd = manager_socket(name);

	assert_messages(fd);
	close(fd);
}

static void
test_reloading(void)
{
	g_autofree char *name = g_strdup_printf("@patchmail-test-%d", getpid());
	int fd = manager_socket(name);
	const char *prefix = "RELOADING=1\nMONOTONIC_USEC=";
	gint64 before = g_get_monotonic_time();
	guint64 usec = 0;

	g_assert_true(pm_notify_reloading());
	g_autofree char *got = told(fd);
	g_assert_true(g_str_has_prefix(got, prefix));
	g_assert_true(g_ascii_string_to_unsigned(got + strlen(prefix), 10, 0, G_MAXINT64,
						 &usec, NULL));
	g_assert_cmpint((gint64)usec, >=, before);
	g_assert_cmpint((gint64)usec, <=, g_get_monotonic_time());
	close(fd);
}

static void
test_nowhere(void)
{
	g_autofree char *long_path = g_strnfill(200, '/');
	const char *names[] = {"", "/", "@", "relative", "vsock:2:1", long_path};

	g_unsetenv("NOTIFY_SOCKET");
	g_assert_false(pm_notify_ready(NULL));
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_setenv("NOTIFY_SOCKET", names[i], TRUE);
		g_assert_false(pm_notify_ready("x"));
	}
	g_unsetenv("NOTIFY_SOCKET");
}

static void
set_or_unset(const char *variable, const char *value)
{
	if (value != NULL)
		g_setenv(variable, value, TRUE);
	else
		g_unsetenv(variable);
}

static void
test_watchdog_interval(void)
{
	g_autofree char *own = g_strdup_printf("%d", getpid());
	const struct {
		const char *name, *usec, *pid;
		guint64 want;
	} cases[] = {
		{"none", NULL, NULL, 0},
		{"ours", "30000000", own, 30000000},
		{"anybody's", "30000000", NULL, 30000000},
		{"another's", "30000000", "1", 0},
		{"zero", "0", own, 0},
		{"nonsense", "soon", own, 0},
		{"a unit", "30s", own, 0},
		{"no process", "30000000", "", 0},
		{"too large", "18446744073709551616", own, 0},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		set_or_unset("WATCHDOG_USEC", cases[i].usec);
		set_or_unset("WATCHDOG_PID", cases[i].pid);
		guint64 got = pm_notify_watchdog_interval();
		if (got != cases[i].want)
			g_error("%s: want %" G_GUINT64_FORMAT ", got %" G_GUINT64_FORMAT,
				cases[i].name, cases[i].want, got);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/notify/path", test_path);
	g_test_add_func("/notify/abstract", test_abstract);
	g_test_add_func("/notify/reloading", test_reloading);
	g_test_add_func("/notify/nowhere", test_nowhere);
	g_test_add_func("/notify/watchdog-interval", test_watchdog_interval);
	return g_test_run();
}
