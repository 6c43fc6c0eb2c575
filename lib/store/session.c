/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/session.h"

#include "lib/error.h"

static gboolean
set_time_zone(PmPg *pg, const char *time_zone, GError **error)
{
	const char *const values[] = {time_zone};
	g_autoptr(GError) failure = NULL;
	g_autoptr(PmRows) rows =
		pm_pg_query(pg, PM_SQL_SESSION_TIME_ZONE, values, 1, &failure);

	if (rows != NULL)
		return TRUE;
	g_set_error(error, PM_ERROR,
		    pm_error_is_temporary(failure) ? failure->code
						   : PM_ERROR_PERMANENT_CONFIG,
		    "could not use time zone \"%s\": %s", time_zone, failure->message);
	return FALSE;
}

gboolean
pm_session_set_up(PmPg *pg, const char *time_zone, GError **error)
{
	if (!pm_pg_script(pg, PM_SQL_SESSION_SETTINGS, error) ||
	    !set_time_zone(pg, time_zone ? time_zone : "UTC", error))
		return FALSE;
	/* Not every server is built with lz4, which stores mail twice as fast. */
	(void)pm_pg_script(pg, PM_SQL_SESSION_COMPRESSION, NULL);
	return TRUE;
}

gboolean
pm_session_check_encoding(const char *encoding, GError **error)
{
	if (g_strcmp0(encoding, "UTF8") == 0)
		return TRUE;
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
		    "cannot use this database: its encoding is %s, and mail needs "
		    "UTF8; make one with \"createdb -E UTF8 -T template0\" and move "
		    "what is there with pg_dump",
		    encoding);
	return FALSE;
}
