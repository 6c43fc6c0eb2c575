/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which list a mail came over: RFC 2919's List-Id and its two predecessors. The
 * id is compared exactly, so nothing is done to it but decoding.
 *
 *	Kernel development <linux.example.org>	 "linux.example.org"
 *	linux.example.org			 the same: one token
 *	patches at example.org			 nothing
 */
#include "lib/text/listid.h"

#include <string.h>

static const char *const list_headers[] = {"List-ID", "X-Mailing-List", "X-list"};

/* (transfer full) (nullable): the id that a decoded value names. */
static char *
find_id(const char *value)
{
	size_t close = 0; /* where the nearest ">" to the right is; 0: nowhere */

	for (size_t i = strlen(value); i-- > 0;) {
		if (value[i] == '>')
			close = i;
		else if (value[i] == '<' && close > i + 1)
			return g_strndup(value + i + 1, close - i - 1);
	}
	if (*value == '\0' || strchr(value, ' ') != NULL)
		return NULL;
	return g_strdup(value);
}

char **
pm_list_ids(const PmHeaders *headers)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < G_N_ELEMENTS(list_headers); i++) {
		g_autofree char *value = pm_headers_decoded(headers, list_headers[i], 0);
		char *id = value != NULL ? find_id(value) : NULL;
		if (id != NULL)
			g_ptr_array_add(ids, id);
	}
	g_ptr_array_add(ids, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&ids), FALSE);
}
