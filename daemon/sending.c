/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/sending.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>

gboolean
pm_send_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return FALSE;
		bytes += n;
		len -= (size_t)n;
	}
	return TRUE;
}

void
pm_set_socket_limit(int fd, int option, guint seconds)
{
	const struct timeval limit = {.tv_sec = (time_t)seconds};

	(void)setsockopt(fd, SOL_SOCKET, option, &limit, sizeof(limit));
}
