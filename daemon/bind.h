/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/stat.h>

/* One address made a listening socket; pm_listen_add() is the way in. */

/* A listening socket, with what tells whether its file is still its own. */
typedef struct {
	GSocket *socket;
	char *path; /* of a unix socket that we made, or NULL */
	dev_t device;
	ino_t inode;
} PmBound;

/*
 * The socket addresses (of GSocketAddress) that "unix:PATH" or "tcp:HOST:PORT" means, at
 * least one; a name is looked up, which may block. PM_ERROR_PERMANENT_CONFIG.
 * (transfer full)
 */
GPtrArray *pm_bind_resolve(const char *text, GError **error);

/*
 * Binds and listens; see pm_listen_add(). is_absent_out (nullable): whether it failed
 * because this machine has no such address or address family. (transfer full)
 */
PmBound *pm_bind_open(GSocketAddress *address, guint socket_mode, gboolean *is_absent_out,
		      GError **error);

/* "unix:PATH" or "tcp:HOST:PORT", as pm_bind_resolve() reads it. (transfer full) */
char *pm_bind_describe(GSocketAddress *address);

/* Whether both mean the same place. */
gboolean pm_bind_is_same(GSocketAddress *a, GSocketAddress *b);

/* Closes the socket and removes its file if it is still ours. */
void pm_bound_free(PmBound *bound);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmBound, pm_bound_free)
