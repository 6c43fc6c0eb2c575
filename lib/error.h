/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * The one error domain. A code answers the only question that decides about a
 * mail: may a retry help? TEMPORARY means the mail stays where it is and is
 * tried again (exit 75, 451); PERMANENT means a retry cannot help.
 */
#define PM_ERROR (pm_error_quark())

typedef enum {
	/* The server is away, locked, out of room, restarting. */
	PM_ERROR_TEMPORARY_DATABASE,
	/* COMMIT was sent and its answer never came: a retry finds out. */
	PM_ERROR_TEMPORARY_UNCERTAIN,
	/* What this mail holds cannot be read or stored. */
	PM_ERROR_PERMANENT_MAIL,
	/* A file or archive cannot be read. */
	PM_ERROR_PERMANENT_INPUT,
	/* The schema is missing, unknown or of another version. */
	PM_ERROR_PERMANENT_SCHEMA,
	/* The configuration or a setting in the database is wrong. */
	PM_ERROR_PERMANENT_CONFIG,
	/* The command line is wrong. */
	PM_ERROR_PERMANENT_USAGE,
	/* The server refused a statement of ours: our own mistake. */
	PM_ERROR_PERMANENT_BUG,
} PmError;

GQuark pm_error_quark(void);

/* Whether trying the same thing again later may succeed. NULL: FALSE. */
gboolean pm_error_is_temporary(const GError *error);

/*
 * What PostgreSQL called it, five letters and digits; "" where it did not say. A copy of the
 * error has it, too. (transfer none)
 */
const char *pm_error_sqlstate(const GError *error);

/* Sets an error of PM_ERROR, as g_set_error() does, with its SQLSTATE (nullable). */
void pm_error_set(GError **error, PmError code, const char *sqlstate, const char *format,
		  ...) G_GNUC_PRINTF(4, 5);

/* Whether the database has no room left on its disk or in its memory. NULL: FALSE. */
gboolean pm_error_is_out_of_room(const GError *error);

/* The sysexits.h status for this error: 64, 65, 70, 75 or 78. */
int pm_error_exit_status(const GError *error);
