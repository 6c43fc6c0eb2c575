/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Whether git am makes the same of a mail rebuilt from its columns (content, a blank line,
 * diff) as of the text that came, text[0, len): the same message, up to white space that git
 * takes away itself, and the same diff with nothing else that git would take for one. Linear.
 */
gboolean pm_exact_is_rebuilt(const char *text, size_t len, const GString *content,
			     const GString *diff);
