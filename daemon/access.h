/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <gio/gio.h>

/* Who may connect: over TCP by address, over unix sockets by user. */
typedef struct PmAccess PmAccess;

/*
 * networks: addresses and networks ("192.0.2.7", "2001:db8::/32"); users: names and numbers; each
 * separated by blanks or commas. NULL or empty: everybody. PM_ERROR_PERMANENT_CONFIG says what is
 * no network, or whom nobody knows. (transfer full)
 */
PmAccess *pm_access_new(const char *networks, const char *users, GError **error);
void pm_access_free(PmAccess *access);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmAccess, pm_access_free)

gboolean pm_access_admits_address(const PmAccess *access, GInetAddress *address);
gboolean pm_access_admits_user(const PmAccess *access, guint uid);
/* By the peer's address or, of a unix socket, by its user. A peer that cannot be told who it is, is
 * nobody where only some may. */
gboolean pm_access_admits(const PmAccess *access, GSocketConnection *connection);
