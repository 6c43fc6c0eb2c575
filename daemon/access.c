/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/access.h"

#include "daemon/listen.h"
#include "daemon/owner.h"
#include "lib/error.h"

struct PmAccess {
	GPtrArray *networks; /* of GInetAddressMask; NULL: everybody */
	GArray *users;	     /* of guint; NULL: everybody */
};

/* (transfer full) NULL where there are none. */
static char **
split(const char *list)
{
	g_auto(GStrv) words = g_strsplit_set(list ? list : "", " \t\r\n,;", -1);
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	guint n = 0;

	for (char **word = words; *word != NULL; word++) {
		if (**word == '\0')
			continue;
		g_strv_builder_add(builder, *word);
		n++;
	}
	return n > 0 ? g_strv_builder_end(builder) : NULL;
}

static gboolean
read_networks(PmAccess *access, const char *list, GError **error)
{
	g_auto(GStrv) words = split(list);

	if (words != NULL)
		access->networks = g_ptr_array_new_with_free_func(g_object_unref);
	for (char **word = words; word != NULL && *word != NULL; word++) {
		GInetAddressMask *mask = g_inet_address_mask_new_from_string(*word, NULL);

		if (mask == NULL) {
			g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
				    "cannot use [lmtp] allow: \"%s\" is no address or "
				    "network, such as 192.0.2.0/24 or 2001:db8::1",
				    *word);
			return FALSE;
		}
		g_ptr_array_add(access->networks, mask);
	}
	return TRUE;
}

static gboolean
read_users(PmAccess *access, const char *list, GError **error)
{
	g_auto(GStrv) words = split(list);

	if (words != NULL)
		access->users = g_array_new(FALSE, FALSE, sizeof(guint));
	for (char **word = words; word != NULL && *word != NULL; word++) {
		guint uid = 0;

		if (!pm_owner_find_user(*word, &uid)) {
			g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
				    "cannot use [lmtp] socket-peers: there is no user "
				    "\"%s\"",
				    *word);
			return FALSE;
		}
		g_array_append_val(access->users, uid);
	}
	return TRUE;
}

PmAccess *
pm_access_new(const char *networks, const char *users, GError **error)
{
	g_autoptr(PmAccess) access = g_new0(PmAccess, 1);

	if (!read_networks(access, networks, error) || !read_users(access, users, error))
		return NULL;
	return g_steal_pointer(&access);
}

void
pm_access_free(PmAccess *access)
{
	if (access == NULL)
		return;
	g_clear_pointer(&access->networks, g_ptr_array_unref);
	g_clear_pointer(&access->users, g_array_unref);
	g_free(access);
}

gboolean
pm_access_admits_address(const PmAccess *access, GInetAddress *address)
{
	for (guint i = 0; access->networks != NULL && i < access->networks->len; i++)
		if (g_inet_address_mask_matches(access->networks->pdata[i], address))
			return TRUE;
	return access->networks == NULL;
}

gboolean
pm_access_admits_user(const PmAccess *access, guint uid)
{
	for (guint i = 0; access->users != NULL && i < access->users->len; i++)
		if (g_array_index(access->users, guint, i) == uid)
			return TRUE;
	return access->users == NULL;
}

gboolean
pm_access_admits(const PmAccess *access, GSocketConnection *connection)
{
	if (pm_listen_is_unix(connection)) {
		GSocket *socket = g_socket_connection_get_socket(connection);
		g_autoptr(GCredentials) peer = g_socket_get_credentials(socket, NULL);

		return access->users == NULL ||
		       (peer != NULL &&
			pm_access_admits_user(
				access, (guint)g_credentials_get_unix_user(peer, NULL)));
	}
	/* What comes as IPv4 over an IPv6 socket is IPv4 here. */
	g_autoptr(GSocketAddress) peer =
		g_socket_connection_get_remote_address(connection, NULL);
	if (peer == NULL || !G_IS_INET_SOCKET_ADDRESS(peer))
		return access->networks == NULL;
	return pm_access_admits_address(
		access, g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(peer)));
}
