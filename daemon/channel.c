/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>

#include "daemon/sending.h"

struct PmChannel {
	GSocketConnection *connection;
	GIOStream *tls;		       /* NULL: plain */
	GCancellable *cancellable;     /* of TLS */
	int fd;			       /* borrowed */
	guint read_limit, write_limit; /* seconds, as the socket knows them; 0: not yet */
	gint is_stopped, is_tls;       /* atomic */
};

static void
set_blocking(int fd, gboolean is_blocking)
{
	int flags = fcntl(fd, F_GETFL);

	flags = is_blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
	(void)fcntl(fd, F_SETFL, flags);
}

PmChannel *
pm_channel_new(GSocketConnection *connection)
{
	PmChannel *channel = g_new0(PmChannel, 1);

	channel->connection = g_object_ref(connection);
	channel->cancellable = g_cancellable_new();
	channel->fd = g_socket_get_fd(g_socket_connection_get_socket(connection));
	set_blocking(channel->fd, TRUE);
	return channel;
}

void
pm_channel_free(PmChannel *channel)
{
	if (channel == NULL)
		return;
	if (channel->tls != NULL) {
		(void)g_io_stream_close(channel->tls, NULL, NULL);
		g_object_unref(channel->tls);
	}
	(void)g_io_stream_close(G_IO_STREAM(channel->connection), NULL, NULL);
	g_object_unref(channel->connection);
	g_object_unref(channel->cancellable);
	g_free(channel);
}

static gboolean
fail_if_stopped(PmChannel *channel, GError **error)
{
	if (!g_atomic_int_get(&channel->is_stopped))
		return FALSE;
	g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");
	return TRUE;
}

/*
 * The limit changes with each message, and back; so the shortest one stays with the socket, and
 * what is longer waits again.
 */
static gssize
read_plain(PmChannel *channel, char *buffer, size_t size, guint seconds, GError **error)
{
	guint left = seconds;

	for (;;) {
		if (channel->read_limit == 0 || channel->read_limit > left) {
			channel->read_limit = left;
			pm_set_socket_limit(channel->fd, SO_RCVTIMEO, left);
		}
		ssize_t n = recv(channel->fd, buffer, size, 0);
		int reason = errno;

		if (n > 0 || (n == 0 && !g_atomic_int_get(&channel->is_stopped)))
			return n;
		if (fail_if_stopped(channel, error))
			return -1;
		if (reason == EINTR)
			continue;
		if (reason != EAGAIN) {
			g_set_error_literal(error, G_IO_ERROR,
					    g_io_error_from_errno(reason),
					    g_strerror(reason));
			return -1;
		}
		left -= channel->read_limit;
		if (left > 0)
			continue;
		g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "idle");
		return -1;
	}
}

gssize
pm_channel_read(PmChannel *channel, char *buffer, size_t size, guint seconds,
		GError **error)
{
	if (fail_if_stopped(channel, error))
		return -1;
	if (channel->tls == NULL)
		return read_plain(channel, buffer, size, seconds, error);
	g_socket_set_timeout(g_socket_connection_get_socket(channel->connection),
			     seconds);
	return g_input_stream_read(g_io_stream_get_input_stream(channel->tls), buffer,
				   size, channel->cancellable, error);
}

static gboolean
write_plain(PmChannel *channel, const char *bytes, size_t len, guint seconds)
{
	if (channel->write_limit != seconds) {
		channel->write_limit = seconds;
		pm_set_socket_limit(channel->fd, SO_SNDTIMEO, seconds);
	}
	return pm_send_all(channel->fd, bytes, len);
}

gboolean
pm_channel_write(PmChannel *channel, const char *bytes, size_t len, guint seconds)
{
	if (channel->tls == NULL)
		return write_plain(channel, bytes, len, seconds);
	g_socket_set_timeout(g_socket_connection_get_socket(channel->connection),
			     seconds);
	return g_output_stream_write_all(g_io_stream_get_output_stream(channel->tls),
					 bytes, len, NULL, NULL, NULL);
}

gboolean
pm_channel_start_tls(PmChannel *channel, PmTls *tls, GError **error)
{
	g_atomic_int_set(&channel->is_tls, 1);
	set_blocking(channel->fd, FALSE);
	channel->tls = pm_tls_accept(tls, G_IO_STREAM(channel->connection),
				     channel->cancellable, error);
	return channel->tls != NULL;
}

void
pm_channel_stop(PmChannel *channel)
{
	g_atomic_int_set(&channel->is_stopped, 1);
	g_cancellable_cancel(channel->cancellable);
	/* Wakes who waits for plain bytes. */
	if (!g_atomic_int_get(&channel->is_tls))
		(void)shutdown(channel->fd, SHUT_RD);
}
