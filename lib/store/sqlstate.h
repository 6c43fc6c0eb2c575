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

/* Sets what the server said, on one line, with the code of its SQLSTATE. detail is nullable; what
 * was attempted comes first. */
void pm_sqlstate_set_error(GError **error, const char *state, const char *message,
			   const char *detail, const char *format, ...)
	G_GNUC_PRINTF(5, 6);
/* That the connection broke, or was given up after so many seconds of silence (0: it was not);
 * that there is none. */
void pm_sqlstate_set_lost(GError **error, const char *message, int silence);
void pm_sqlstate_set_refused(GError **error, const char *message);
