/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Gives a file to "USER", "USER:GROUP" or ":GROUP", names or numbers; "" or NULL leaves it
 * alone. PM_ERROR_PERMANENT_CONFIG: there is nobody of this name, or we may not (only root
 * gives files away; anybody may give one to a group of his own).
 */
gboolean pm_owner_set(const char *path, const char *owner, GError **error);

/* The number of a user, by name or number; FALSE: there is none of this name. */
gboolean pm_owner_find_user(const char *name, guint *uid_out);
