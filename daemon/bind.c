/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/bind.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/error.h"

/*
 * Addresses and the sockets bound to them. System calls instead of g_socket_bind(), since
 * errno decides: an address that this machine lacks, one that is taken, a file that a
 * dead server left.
 *
 * A unix socket's file outlives its server. Whether one lives is found out by connecting:
 * refused means that nobody listens, and the file goes. Two servers that start in the
 * same instant could still take each other's file; systemd starts one.
 */

/* Postfix opens up to 20 connections at once, and retries a refused one after minutes. */
#define BACKLOG 1024

static const char busy[] = "another server is using it";

typedef union {
	struct sockaddr any;
	struct sockaddr_un local;
	struct sockaddr_in6 ipv6;
	struct sockaddr_storage storage;
} NativeAddress;

static void
set_config_error(GError **error, const char *text, const char *why)
{
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
		    "cannot listen on \"%s\": %s", text, why);
}

/* What an administrator does about it; "" where that is plain. */
static const char *
next_step(const char *why)
{
	const struct {
		const char *why, *step;
	} steps[] = {
		{busy, "; stop it, or listen elsewhere; where systemd has the socket, "
		       "patchmaild.service uses it and no second daemon can"},
		{g_strerror(EADDRINUSE),
		 "; another server has this port, \"ss -ltnp\" shows which"},
		{g_strerror(EACCES), "; the user that patchmaild runs as must be able to "
				     "write into the folder, "
				     "and to use the port"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
		if (g_str_equal(why, steps[i].why))
			return steps[i].step;
	return "";
}

static gboolean
parse_port(const char *text, guint16 *port_out)
{
	guint64 port;

	if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT16, &port, NULL))
		return FALSE;
	*port_out = (guint16)port;
	return TRUE;
}

static GSocketAddress *
unix_address(const char *path)
{
	const struct sockaddr_un *native = NULL;

	if (*path == '\0' || strlen(path) >= sizeof(native->sun_path))
		return NULL;
	return g_unix_socket_address_new(path);
}

/* Everywhere: one socket for IPv6 and IPv4 where the kernel has IPv6, else IPv4's. */
static GSocketAddress *
any_address(guint16 port)
{
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	g_autoptr(GInetAddress) any = g_inet_address_new_any(
		fd < 0 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);

	if (fd >= 0)
		close(fd);
	return g_inet_socket_address_new(any, port);
}

static gboolean
look_up(const char *text, const char *host, guint16 port, GPtrArray *addresses,
	GError **error)
{
	g_autoptr(GResolver) resolver = g_resolver_get_default();
	g_autoptr(GError) failure = NULL;
	GList *found = g_resolver_lookup_by_name(resolver, host, NULL, &failure);

	if (found == NULL) {
		set_config_error(error, text, failure->message);
		return FALSE;
	}
	for (GList *link = found; link != NULL; link = link->next)
		g_ptr_array_add(addresses, g_inet_socket_address_new(link->data, port));
	g_resolver_free_addresses(found);
	return TRUE;
}

/* host is what stands before the last colon, in brackets if it has colons of its own. */
static gboolean
resolve_tcp(const char *text, char *host, const char *port_text, GPtrArray *addresses,
	    GError **error)
{
	size_t len = strlen(host);
	guint16 port;

	if (!parse_port(port_text, &port)) {
		set_config_error(error, text, "the port is a number from 0 to 65535");
		return FALSE;
	}
	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		host++;
	} else if (len == 0 || strchr(host, ':') != NULL) {
		set_config_error(error, text,
				 "it is written tcp:HOST:PORT, tcp:[IPV6]:PORT or "
				 "tcp:*:PORT");
		return FALSE;
	}
	if (g_str_equal(host, "*")) {
		g_ptr_array_add(addresses, any_address(port));
		return TRUE;
	}
	g_autoptr(GSocketAddress) literal =
		g_inet_socket_address_new_from_string(host, port);
	if (literal == NULL)
		return look_up(text, host, port, addresses, error);
	g_ptr_array_add(addresses, g_steal_pointer(&literal));
	return TRUE;
}

GPtrArray *
pm_bind_resolve(const char *text, GError **error)
{
	g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_object_unref);

	if (g_str_has_prefix(text, "unix:")) {
		g_autoptr(GSocketAddress) address = unix_address(text + strlen("unix:"));

		if (address == NULL) {
			set_config_error(error, text,
					 "the path of a unix socket has 1 to 107 bytes");
			return NULL;
		}
		g_ptr_array_add(addresses, g_steal_pointer(&address));
		return g_steal_pointer(&addresses);
	}
	g_autofree char *host =
		g_strdup(g_str_has_prefix(text, "tcp:") ? text + strlen("tcp:") : "");
	char *colon = strrchr(host, ':');
	if (colon == NULL) {
		set_config_error(error, text,
				 "it is neither unix:PATH nor tcp:HOST:PORT");
		return NULL;
	}
	*colon = '\0';
	if (!resolve_tcp(text, host, colon + 1, addresses, error))
		return NULL;
	return g_steal_pointer(&addresses);
}

char *
pm_bind_describe(GSocketAddress *address)
{
	if (G_IS_UNIX_SOCKET_ADDRESS(address))
		return g_strdup_printf(
			"unix:%s",
			g_unix_socket_address_get_path(G_UNIX_SOCKET_ADDRESS(address)));
	if (!G_IS_INET_SOCKET_ADDRESS(address))
		return g_strdup("unknown");
	g_autofree char *text =
		g_socket_connectable_to_string(G_SOCKET_CONNECTABLE(address));
	return g_strdup_printf("tcp:%s", text);
}

gboolean
pm_bind_is_same(GSocketAddress *a, GSocketAddress *b)
{
	g_autofree char *first = pm_bind_describe(a), *second = pm_bind_describe(b);

	return g_str_equal(first, second);
}

/* NULL: nobody listens there, and the file may go; otherwise why not. */
static const char *
why_not_stale(const char *path, const NativeAddress *address, socklen_t len)
{
	struct stat status;

	if (lstat(path, &status) != 0)
		return errno == ENOENT ? NULL : g_strerror(errno);
	if (!S_ISSOCK(status.st_mode))
		return "a file that is no socket is in its place";
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return g_strerror(errno);
	int code = connect(fd, &address->any, len) == 0 ? 0 : errno;
	close(fd);
	if (code == ECONNREFUSED || code == ENOENT)
		return NULL;
	/* EAGAIN: the server's queue is full. */
	if (code == 0 || code == EAGAIN || code == EPROTOTYPE)
		return busy;
	return g_strerror(code);
}

static int
bind_socket(int fd, const NativeAddress *address, socklen_t len)
{
	return bind(fd, &address->any, len) == 0 ? 0 : errno;
}

/* NULL when bound, else why not. */
static const char *
bind_unix(int fd, const NativeAddress *address, socklen_t len, guint socket_mode,
	  PmBound *bound)
{
	const char *path = address->local.sun_path;
	g_autofree char *folder = g_path_get_dirname(path);
	struct stat status;

	if (mkdir(folder, 0755) != 0 && errno != EEXIST)
		return g_strerror(errno);
	int code = bind_socket(fd, address, len);
	if (code == EADDRINUSE) {
		const char *why = why_not_stale(path, address, len);

		if (why != NULL)
			return why;
		(void)unlink(path); /* bind() tells whether that worked */
		code = bind_socket(fd, address, len);
	}
	if (code != 0)
		return g_strerror(code);
	/* Nobody can connect before listen(), so the mode is never too wide. */
	if (chmod(path, socket_mode) != 0 || lstat(path, &status) != 0)
		return g_strerror(errno);
	bound->path = g_strdup(path);
	bound->device = status.st_dev;
	bound->inode = status.st_ino;
	return NULL;
}

static const char *
bind_tcp(int fd, const NativeAddress *address, socklen_t len, gboolean *is_absent_out)
{
	const int on = 1;
	int code;

	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (address->any.sa_family == AF_INET6) {
		const int only = !IN6_IS_ADDR_UNSPECIFIED(&address->ipv6.sin6_addr);

		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
	}
	code = bind_socket(fd, address, len);
	if (code == 0)
		return NULL;
	if (is_absent_out != NULL)
		*is_absent_out = code == EADDRNOTAVAIL || code == EAFNOSUPPORT;
	return g_strerror(code);
}

/* fd is closed on failure. NULL when it listens, else why not. */
static const char *
listen_on(int fd, const NativeAddress *native, socklen_t len, guint socket_mode,
	  gboolean *is_absent_out, PmBound *bound)
{
	g_autoptr(GError) failure = NULL;
	const char *why = native->any.sa_family == AF_UNIX
				  ? bind_unix(fd, native, len, socket_mode, bound)
				  : bind_tcp(fd, native, len, is_absent_out);

	if (why == NULL && listen(fd, BACKLOG) != 0)
		why = g_strerror(errno);
	if (why == NULL)
		bound->socket = g_socket_new_from_fd(fd, &failure);
	if (failure != NULL)
		why = g_intern_string(failure->message);
	if (why != NULL)
		close(fd);
	return why;
}

PmBound *
pm_bind_open(GSocketAddress *address, guint socket_mode, gboolean *is_absent_out,
	     GError **error)
{
	g_autoptr(PmBound) bound = g_new0(PmBound, 1);
	g_autofree char *text = pm_bind_describe(address);
	NativeAddress native = {0};
	gssize len = g_socket_address_get_native_size(address);

	if (len < 0 ||
	    !g_socket_address_to_native(address, &native, sizeof native, error))
		return NULL;
	int fd = socket(native.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		if (is_absent_out != NULL)
			*is_absent_out = errno == EAFNOSUPPORT;
		set_config_error(error, text, g_strerror(errno));
		return NULL;
	}
	const char *why =
		listen_on(fd, &native, (socklen_t)len, socket_mode, is_absent_out, bound);
	if (why != NULL) {
		g_autofree char *said = g_strconcat(why, next_step(why), NULL);

		set_config_error(error, text, said);
		return NULL;
	}
	return g_steal_pointer(&bound);
}

/* The bound socket holds its inode, so that no other file can have the same number. */
static gboolean
is_file_ours(const PmBound *bound)
{
	struct stat status;

	return lstat(bound->path, &status) == 0 && status.st_dev == bound->device &&
	       status.st_ino == bound->inode;
}

void
pm_bound_free(PmBound *bound)
{
	if (bound == NULL)
		return;
	if (bound->path != NULL && is_file_ours(bound))
		(void)unlink(bound->path); /* a file left behind is found stale */
	g_clear_object(&bound->socket);
	g_free(bound->path);
	g_free(bound);
}
