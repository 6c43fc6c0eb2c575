/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/* At most limit bytes of path ("-" or NULL: standard input); more: too_large_out is
 * TRUE and NULL is returned without an error. (transfer full) */
GBytes *pm_read_input(const char *path, size_t limit, gboolean *too_large_out,
		      GError **error);
