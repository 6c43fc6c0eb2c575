/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Reads the options of a server, which takes no other arguments, to where entries say. example
 * stands at the end of --help, which ends the program. PM_ERROR_PERMANENT_USAGE or one of
 * GOption's says what is wrong.
 */
gboolean pm_arguments_parse(const GOptionEntry *entries, const char *example, int argc,
			    char **argv, GError **error);
