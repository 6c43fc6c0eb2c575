/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/addresses.h"

char **
pm_addresses_new(const char *listen)
{
	g_auto(GStrv) words = g_strsplit_set(listen, " \t\n;", -1);
	g_autoptr(GStrvBuilder) addresses = g_strv_builder_new();
	guint n = 0;

	for (char **word = words; *word != NULL; word++) {
		if (**word == '\0')
			continue;
		g_strv_builder_add(addresses, *word);
		n++;
	}
	if (n == 0)
		g_strv_builder_add(addresses, "unix:/run/patchmail/lmtp.sock");
	return g_strv_builder_end(addresses);
}
