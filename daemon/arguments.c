/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/arguments.h"

#include "lib/error.h"

gboolean
pm_arguments_parse(const GOptionEntry *entries, const char *example, int argc,
		   char **argv, GError **error)
{
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autofree char *description = g_strdup_printf("Example:\n  %s\n", example);

	g_option_context_add_main_entries(context, entries, NULL);
	g_option_context_set_description(context, description);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return FALSE;
	if (argc == 1)
		return TRUE;
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_USAGE,
		    "it takes no arguments, not \"%s\"", argv[1]);
	return FALSE;
}
