/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/exposure.h"

#include "daemon/bind.h"
#include "lib/error.h"

static gboolean
is_closed(const PmConfig *config)
{
	return *pm_config_string(config, "lmtp", "allow") != '\0' ||
	       (*pm_config_string(config, "tls", "certificate") != '\0' &&
		pm_config_boolean(config, "tls", "require"));
}

static gboolean
is_of_this_machine(GSocketAddress *address)
{
	if (!G_IS_INET_SOCKET_ADDRESS(address))
		return TRUE;
	return g_inet_address_get_is_loopback(
		g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(address)));
}

gboolean
pm_exposure_check(const PmConfig *config, char *const *addresses, GError **error)
{
	for (; addresses != NULL && *addresses != NULL; addresses++) {
		g_autoptr(GPtrArray) resolved = NULL;
		gboolean is_exposed = FALSE;

		if (**addresses == '\0')
			continue;
		resolved = pm_bind_resolve(*addresses, error);
		if (resolved == NULL)
			return FALSE;
		for (guint i = 0; i < resolved->len; i++)
			is_exposed |= !is_of_this_machine(resolved->pdata[i]);
		if (!is_exposed || is_closed(config))
			continue;
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
			    "cannot take mail at \"%s\" from everybody: say who may "
			    "connect ([lmtp] allow = 192.0.2.0/24), or ask for TLS "
			    "([tls] certificate, and require = true), or listen on "
			    "127.0.0.1",
			    *addresses);
		return FALSE;
	}
	return TRUE;
}
