/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/* The values of "Depends-on:" lines (Message-IDs in <> or URLs), in order, at
 * most 100. (transfer full): a strv, maybe empty. */
char **pm_trailer_depends_on(const char *content, size_t len);

/* The value of the first "change-id:" line (b4), or NULL. (transfer full) */
char *pm_trailer_change_id(const char *content, size_t len);

/* The patch titles that a cover's shortlog lists ("Name (3):" and indented
 * titles below), in order, wrapped lines joined, at most 1,000. (transfer full): a strv. */
char **pm_trailer_shortlog(const char *content, size_t len);
