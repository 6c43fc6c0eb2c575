/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/listen.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/bind.h"
#include "daemon/owner.h"
#include "daemon/log.h"
#include "lib/error.h"

/*
 * A set of listening sockets, each with a source in the main context. systemd's protocol
 * for passing sockets is three variables and file descriptors from 3 on, see
 * sd_listen_fds(3).
 *
 * When accept() fails for want of file descriptors the connection stays queued and the
 * socket readable: without a pause the loop would spin.
 */

#define FIRST_PASSED_FD 3
#define ACCEPTS_AT_ONCE 16
#define PAUSE_MS 500

typedef struct {
	PmListen *listen;
	PmBound *bound;
	GSource *source; /* waits for connections, or for the end of a pause */
} Listener;

struct PmListen {
	GPtrArray *listeners; /* of Listener */
	GMainContext *context;
	PmListenAccept accept;
	gpointer user_data;
	const char *owner; /* of unix sockets, interned; NULL: whoever we are */
};

static void
drop_source(Listener *listener)
{
	if (listener->source == NULL)
		return;
	g_source_destroy(listener->source);
	g_clear_pointer(&listener->source, g_source_unref);
}

static void
free_listener(gpointer data)
{
	Listener *listener = data;

	drop_source(listener);
	pm_bound_free(listener->bound);
	g_free(listener);
}

PmListen *
pm_listen_new(void)
{
	PmListen *listen = g_new0(PmListen, 1);

	listen->listeners = g_ptr_array_new_with_free_func(free_listener);
	return listen;
}

/* bound (transfer full) */
static void
add_bound(PmListen *listen, PmBound *bound)
{
	Listener *listener = g_new0(Listener, 1);

	listener->listen = listen;
	listener->bound = bound;
	g_socket_set_blocking(bound->socket, FALSE);
	g_ptr_array_add(listen->listeners, listener);
}

/* How many sockets were passed to this very process, and not to a parent of it. */
static guint
passed_count(void)
{
	const char *pid = g_getenv("LISTEN_PID"), *fds = g_getenv("LISTEN_FDS");
	guint64 number;

	if (pid == NULL || fds == NULL)
		return 0;
	if (!g_ascii_string_to_unsigned(pid, 10, 1, G_MAXINT, &number, NULL) ||
	    (pid_t)number != getpid())
		return 0;
	if (!g_ascii_string_to_unsigned(fds, 10, 0, 1024, &number, NULL))
		return 0;
	return (guint)number;
}

static gboolean
has_option(int fd, int option, int want)
{
	int value = 0;
	socklen_t len = sizeof value;

	return getsockopt(fd, SOL_SOCKET, option, &value, &len) == 0 && value == want;
}

static gboolean
adopt_fd(PmListen *listen, int fd, GError **error)
{
	g_autoptr(PmBound) bound = g_new0(PmBound, 1);

	if (!has_option(fd, SO_TYPE, SOCK_STREAM) || !has_option(fd, SO_ACCEPTCONN, 1)) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
			    "cannot use file descriptor %d from systemd: it is no "
			    "listening stream socket",
			    fd);
		return FALSE;
	}
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC); /* it is open, so this works */
	bound->socket = g_socket_new_from_fd(fd, error);
	if (bound->socket == NULL)
		return FALSE;
	add_bound(listen, g_steal_pointer(&bound));
	return TRUE;
}

gboolean
pm_listen_adopt(PmListen *listen, const char *name, PmListenMatch match, guint *n_out,
		GError **error)
{
	const char *variable = g_getenv("LISTEN_FDNAMES");
	g_auto(GStrv) names = g_strsplit(variable ? variable : "", ":", -1);
	guint n_names = g_strv_length(names), count = passed_count(), n = 0;

	for (guint i = 0; i < count; i++) {
		gboolean is_named = i < n_names && g_str_equal(names[i], name);

		if (is_named != (match == PM_LISTEN_NAMED))
			continue;
		if (!adopt_fd(listen, FIRST_PASSED_FD + (int)i, error))
			return FALSE;
		n++;
	}
	if (n_out != NULL)
		*n_out = n;
	return TRUE;
}

void
pm_listen_set_owner(PmListen *listen, const char *owner)
{
	listen->owner = g_intern_string(owner);
}

static gboolean
has_address(const PmListen *listen, GSocketAddress *address)
{
	for (guint i = 0; i < listen->listeners->len; i++) {
		const Listener *listener = g_ptr_array_index(listen->listeners, i);
		g_autoptr(GSocketAddress) local =
			g_socket_get_local_address(listener->bound->socket, NULL);

		if (local != NULL && pm_bind_is_same(local, address))
			return TRUE;
	}
	return FALSE;
}

gboolean
pm_listen_add(PmListen *listen, const char *address, guint socket_mode, GError **error)
{
	g_autoptr(GPtrArray) resolved = pm_bind_resolve(address, error);
	g_autoptr(GError) absent = NULL;
	guint n = 0;

	for (guint i = 0; resolved != NULL && i < resolved->len; i++) {
		GSocketAddress *one = g_ptr_array_index(resolved, i);
		gboolean is_absent = FALSE;
		g_autoptr(GError) failure = NULL;

		if (has_address(listen, one)) {
			n++;
			continue;
		}
		PmBound *bound = pm_bind_open(one, socket_mode, &is_absent, &failure);
		if (bound != NULL) {
			add_bound(listen, bound);
			if (bound->path != NULL &&
			    !pm_owner_set(bound->path, listen->owner, error))
				return FALSE;
			n++;
		} else if (is_absent && absent == NULL) {
			/* localhost is ::1 too, also where there is no IPv6. */
			absent = g_steal_pointer(&failure);
		} else if (!is_absent) {
			g_propagate_error(error, g_steal_pointer(&failure));
			return FALSE;
		}
	}
	if (n == 0 && absent != NULL)
		g_propagate_error(error, g_steal_pointer(&absent));
	return n > 0;
}

gboolean
pm_listen_add_list(PmListen *listen, const char *addresses, guint socket_mode,
		   GError **error)
{
	g_auto(GStrv) list = g_strsplit_set(addresses ? addresses : "", " \t\r\n;", -1);

	for (char **address = list; *address != NULL; address++)
		if (**address != '\0' &&
		    !pm_listen_add(listen, *address, socket_mode, error))
			return FALSE;
	return TRUE;
}

guint
pm_listen_count(const PmListen *listen)
{
	return listen->listeners->len;
}

static char *
describe_socket(GSocket *socket)
{
	g_autoptr(GSocketAddress) address = g_socket_get_local_address(socket, NULL);

	return address ? pm_bind_describe(address) : g_strdup("unknown");
}

char **
pm_listen_addresses(const PmListen *listen)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

	for (guint i = 0; i < listen->listeners->len; i++) {
		const Listener *listener = g_ptr_array_index(listen->listeners, i);
		g_autofree char *text = describe_socket(listener->bound->socket);

		g_strv_builder_add(builder, text);
	}
	return g_strv_builder_end(builder);
}

static void wait_for_connections(Listener *listener);

static gboolean
end_pause(gpointer data)
{
	wait_for_connections(data);
	return G_SOURCE_REMOVE;
}

static void
pause_listener(Listener *listener, const GError *failure)
{
	g_autofree char *address = describe_socket(listener->bound->socket);

	pm_log(PM_LOG_WARNING, "accept-failed", "listen", address, "reason",
	       failure->message, NULL);
	drop_source(listener);
	listener->source = g_timeout_source_new(PAUSE_MS);
	g_source_set_callback(listener->source, end_pause, listener, NULL);
	g_source_attach(listener->source, listener->listen->context);
}

/* FALSE: none waits, or none can be had now. */
static gboolean
accept_one(Listener *listener)
{
	PmListen *listen = listener->listen;
	g_autoptr(GError) failure = NULL;
	g_autoptr(GSocket) socket =
		g_socket_accept(listener->bound->socket, NULL, &failure);

	if (socket == NULL) {
		if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
			return TRUE;
		if (!g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
			pause_listener(listener, failure);
		return FALSE;
	}
	g_autoptr(GSocketConnection) connection =
		g_socket_connection_factory_create_connection(socket);
	listen->accept(connection, listen->user_data);
	return TRUE;
}

/* The callback may stop or restart listening, which makes another source. */
static gboolean
is_connection_waiting(GSocket *socket, GIOCondition condition, gpointer data)
{
	Listener *listener = data;
	GSource *source = g_main_current_source();

	(void)socket;
	(void)condition;
	for (guint n = 0; n < ACCEPTS_AT_ONCE && listener->source == source; n++)
		if (!accept_one(listener))
			break;
	return G_SOURCE_CONTINUE;
}

static void
wait_for_connections(Listener *listener)
{
	drop_source(listener);
	listener->source = g_socket_create_source(listener->bound->socket, G_IO_IN, NULL);
	g_source_set_callback(listener->source, G_SOURCE_FUNC(is_connection_waiting),
			      listener, NULL);
	g_source_attach(listener->source, listener->listen->context);
}

void
pm_listen_start(PmListen *listen, PmListenAccept accept, gpointer user_data)
{
	listen->accept = accept;
	listen->user_data = user_data;
	if (listen->context == NULL)
		listen->context = g_main_context_ref_thread_default();
	for (guint i = 0; i < listen->listeners->len; i++)
		wait_for_connections(g_ptr_array_index(listen->listeners, i));
}

void
pm_listen_stop(PmListen *listen)
{
	for (guint i = 0; i < listen->listeners->len; i++)
		drop_source(g_ptr_array_index(listen->listeners, i));
}

void
pm_listen_free(PmListen *listen)
{
	if (listen == NULL)
		return;
	g_ptr_array_unref(listen->listeners);
	g_clear_pointer(&listen->context, g_main_context_unref);
	g_free(listen);
}

gboolean
pm_listen_is_unix(GSocketConnection *connection)
{
	GSocket *socket = g_socket_connection_get_socket(connection);

	return g_socket_get_family(socket) == G_SOCKET_FAMILY_UNIX;
}

char *
pm_listen_peer(GSocketConnection *connection)
{
	GSocket *socket = g_socket_connection_get_socket(connection);

	if (pm_listen_is_unix(connection)) {
		g_autoptr(GCredentials) peer = g_socket_get_credentials(socket, NULL);

		if (peer == NULL)
			return g_strdup("unix");
		return g_strdup_printf("unix:uid=%u",
				       (guint)g_credentials_get_unix_user(peer, NULL));
	}
	g_autoptr(GSocketAddress) address =
		g_socket_connection_get_remote_address(connection, NULL);
	return address ? pm_bind_describe(address) : g_strdup("unknown");
}
