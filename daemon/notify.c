/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/notify.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/*
 * sd_notify(3): datagrams of VARIABLE=value lines to the unix socket that NOTIFY_SOCKET
 * names; a name that begins with '@' is in the abstract space, where the '@'
 * stands for a NUL. The environment is read each time and left as it is.
 */

#define STATUS_MAX 512

static gboolean
manager_address(struct sockaddr_un *address, socklen_t *len)
{
	const char *path = g_getenv("NOTIFY_SOCKET");
	size_t path_len = path ? strlen(path) : 0;

	if (path_len < 2 || path_len >= sizeof address->sun_path ||
	    (path[0] != '/' && path[0] != '@'))
		return FALSE;
	memset(address, 0, sizeof *address);
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, path, path_len);
	if (path[0] == '@')
		address->sun_path[0] = '\0';
	*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path_len);
	return TRUE;
}

static gboolean
notify(const char *state)
{
	const struct timeval patience = {.tv_sec = 1};
	struct sockaddr_un address;
	socklen_t len;

	if (!manager_address(&address, &len))
		return FALSE;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return FALSE;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	ssize_t sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL,
			      (const struct sockaddr *)&address, len);
	close(fd);
	return sent >= 0;
}

static gboolean
notify_with_status(const char *state, const char *status)
{
	/* A line end in it would begin another assignment. */
	size_t len = status ? strcspn(status, "\r\n") : 0;
	g_autofree char *text = NULL;

	if (status == NULL)
		return notify(state);
	text = g_utf8_make_valid(status, (gssize)MIN(len, STATUS_MAX));
	g_autofree char *all =
		g_strdup_printf("%s%sSTATUS=%s", state, *state ? "\n" : "", text);
	return notify(all);
}

gboolean
pm_notify_ready(const char *status)
{
	return notify_with_status("READY=1", status);
}

gboolean
pm_notify_reloading(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail on Linux */
	guint64 usec = (guint64)now.tv_sec * G_USEC_PER_SEC + (guint64)now.tv_nsec / 1000;
	g_autofree char *state =
		g_strdup_printf("RELOADING=1\nMONOTONIC_USEC=%" G_GUINT64_FORMAT, usec);
	return notify(state);
}

gboolean
pm_notify_stopping(const char *status)
{
	return notify_with_status("STOPPING=1", status);
}

gboolean
pm_notify_status(const char *status)
{
	return notify_with_status("", status ? status : "");
}

gboolean
pm_notify_watchdog(void)
{
	return notify("WATCHDOG=1");
}

guint64
pm_notify_watchdog_interval(void)
{
	const char *usec = g_getenv("WATCHDOG_USEC"), *pid = g_getenv("WATCHDOG_PID");
	guint64 number, interval;

	if (usec == NULL ||
	    !g_ascii_string_to_unsigned(usec, 10, 1, G_MAXINT64, &interval, NULL))
		return 0;
	if (pid == NULL)
		return interval;
	if (!g_ascii_string_to_unsigned(pid, 10, 1, G_MAXINT, &number, NULL))
		return 0;
	return (pid_t)number == getpid() ? interval : 0;
}
