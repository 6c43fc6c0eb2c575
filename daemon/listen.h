/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <gio/gio.h>

/*
 * Listening sockets, from strings or from systemd, and an accept loop in a main context.
 * What is spoken on a connection, and how many there may be, is the caller's.
 *
 *	unix:/run/patchmail/lmtp.sock	a unix socket; its last folder is made if missing
 *	tcp:127.0.0.1:24		an address
 *	tcp:[::1]:24			an IPv6 address
 *	tcp:localhost:24		all addresses of a name
 *	tcp:*:24			everywhere, IPv6 and IPv4
 *
 * Port 0 is a free port that the system chooses (pm_listen_addresses() tells it).
 */
typedef struct PmListen PmListen;

/*
 * Called in the main context for each connection (borrowed; blocking, close-on-exec).
 * It must not block: it hands a reference to a thread, or goes on asynchronously, or
 * drops it, which closes it.
 */
typedef void (*PmListenAccept)(GSocketConnection *connection, gpointer user_data);

/* Which of systemd's sockets pm_listen_adopt() takes, by FileDescriptorName=. */
typedef enum {
	PM_LISTEN_NAMED,
	PM_LISTEN_NOT_NAMED,
} PmListenMatch;

/* No sockets yet. (transfer full) */
PmListen *pm_listen_new(void);

/*
 * Takes the sockets that systemd passed to this process (LISTEN_FDS, LISTEN_PID,
 * LISTEN_FDNAMES), those with this name or all others. They stay systemd's: their files
 * are never removed. None passed is no error. May be called several times with distinct
 * names, before any thread runs. n_out (nullable): how many were taken.
 * PM_ERROR_PERMANENT_CONFIG: one of them is no listening stream socket.
 */
gboolean pm_listen_adopt(PmListen *listen, const char *name, PmListenMatch match,
			 guint *n_out, GError **error);

/* Who owns unix sockets that are made from now on; as in owner.h. */
void pm_listen_set_owner(PmListen *listen, const char *owner);

/*
 * Binds and listens on one address. An address that an adopted socket has already is
 * skipped. socket_mode is the mode of a unix socket, set before anyone can connect.
 * A unix socket of a server that is gone is replaced; one that answers, or a file that
 * is no socket, is an error. PM_ERROR_PERMANENT_CONFIG says which address and why.
 */
gboolean pm_listen_add(PmListen *listen, const char *address, guint socket_mode,
		       GError **error);

/* The same for several, separated by blanks or ';'. Empty or NULL adds none. */
gboolean pm_listen_add_list(PmListen *listen, const char *addresses, guint socket_mode,
			    GError **error);

/* How many sockets there are. */
guint pm_listen_count(const PmListen *listen);

/* Their addresses as pm_listen_add() would take them, with the real ports; for logs.
 * (transfer full) */
char **pm_listen_addresses(const PmListen *listen);

/*
 * Accepts from now on, in the main context that was the thread's default at the first
 * start. To be called in the thread that runs it, like pm_listen_stop().
 */
void pm_listen_start(PmListen *listen, PmListenAccept accept, gpointer user_data);

/*
 * Accepts no more, until started again; the sockets stay open and the kernel queues who
 * connects. Stopping and starting from within the callback is allowed.
 */
void pm_listen_stop(PmListen *listen);

/* Closes the sockets, and removes the files of unix sockets that are still ours. */
void pm_listen_free(PmListen *listen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmListen, pm_listen_free)

/* Whether the peer is on a unix socket. */
gboolean pm_listen_is_unix(GSocketConnection *connection);

/* "unix:uid=N" or "tcp:HOST:PORT"; "unknown" where the peer is gone. For logs.
 * (transfer full) */
char *pm_listen_peer(GSocketConnection *connection);
