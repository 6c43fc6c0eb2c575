/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/input.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/error.h"

static gboolean
read_up_to(int fd, GByteArray *bytes, size_t limit, gboolean *too_large_out)
{
	guint8 buffer[65536];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FALSE;
		if (bytes->len + (size_t)n > limit) {
			*too_large_out = TRUE;
			return TRUE;
		}
		g_byte_array_append(bytes, buffer, (guint)n);
	}
	return TRUE;
}

GBytes *
pm_read_input(const char *path, size_t limit, gboolean *too_large_out, GError **error)
{
	gboolean is_stdin = path == NULL || g_str_equal(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	g_autoptr(GByteArray) bytes = g_byte_array_new();

	*too_large_out = FALSE;
	gboolean is_read = fd >= 0 && read_up_to(fd, bytes, limit, too_large_out);
	int reason = errno;
	if (fd >= 0 && !is_stdin)
		(void)close(fd);
	if (!is_read) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
			    "could not read %s: %s", is_stdin ? "standard input" : path,
			    g_strerror(reason));
		return NULL;
	}
	if (*too_large_out)
		return NULL;
	return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}
