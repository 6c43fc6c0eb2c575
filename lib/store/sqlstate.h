/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/* What PostgreSQL's errors mean for a mail: try again, or never. */

/* The PM_ERROR code for an SQLSTATE; NULL: the connection was lost. */
int pm_sqlstate_code(const char *state);

/*
 * libpq passes on only the message, not the SQLSTATE, of a connection that was refused: by
 * settings, which waiting does not mend (password, no such database) ...
 */
gboolean pm_sqlstate_is_refusal(const char *message);

/* ... or since all connections are taken, which is 53300. */
gboolean pm_sqlstate_is_crowded(const char *message);

/*
 * What an administrator does about such a refusal, or about a role that a statement names
 * and that is not there: "; ..." to stand behind it, or "" where we know of nothing.
 */
const char *pm_sqlstate_next_step(const char *message);
