/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/sqlstate.h"

#include <string.h>

#include "lib/error.h"

int
pm_sqlstate_code(const char *state)
{
	static const char *const temporary[] = {"08", "40", "53", "55", "57", "58", "25"};
	static const char *const schema[] = {"42P01", "42703", "3F000", "42501", "42883"};

	if (state == NULL)
		return PM_ERROR_TEMPORARY_DATABASE;
	for (guint i = 0; i < G_N_ELEMENTS(temporary); i++)
		if (g_str_has_prefix(state, temporary[i]))
			return PM_ERROR_TEMPORARY_DATABASE;
	for (guint i = 0; i < G_N_ELEMENTS(schema); i++)
		if (g_str_equal(state, schema[i]))
			return PM_ERROR_PERMANENT_SCHEMA;
	/* No such role: somebody wrote it down wrong. */
	if (g_str_equal(state, "42704"))
		return PM_ERROR_PERMANENT_CONFIG;
	if (g_str_has_prefix(state, "22") || g_str_has_prefix(state, "23") ||
	    g_str_has_prefix(state, "54"))
		return PM_ERROR_PERMANENT_MAIL;
	return PM_ERROR_PERMANENT_BUG;
}

gboolean
pm_sqlstate_is_refusal(const char *message)
{
	static const char *const signs[] = {
		"password authentication failed",
		"no password supplied",
		"does not exist",
		"invalid connection option",
		"missing \"=\"",
		"no pg_hba.conf entry",
		"authentication failed",
		"invalid integer value",
		"invalid sslmode",
	};

	for (guint i = 0; i < G_N_ELEMENTS(signs); i++)
		if (strstr(message, signs[i]) != NULL)
			return TRUE;
	return FALSE;
}

gboolean
pm_sqlstate_is_crowded(const char *message)
{
	return strstr(message, "too many clients") != NULL ||
	       strstr(message, "too many connections") != NULL ||
	       strstr(message, "connection slots are reserved") != NULL;
}

const char *
pm_sqlstate_next_step(const char *message)
{
	static const struct {
		const char *sign, *also, *step;
	} steps[] = {
		{"role \"", "does not exist",
		 "; \"createuser NAME\" makes a role, run by PostgreSQL's administrator, "
		 "on "
		 "Debian \"su postgres -c 'createuser NAME'\""},
		{"database \"", "does not exist",
		 "; \"createdb -E UTF8 -T template0 NAME\" makes a database"},
		{"Peer authentication failed", "",
		 "; through PostgreSQL's socket a user of the system is the role of the "
		 "same "
		 "name only; be that user, or say host= and password= in conninfo"},
		{"password authentication failed", "",
		 "; say password= in conninfo, or keep it in PGPASSFILE"},
		{"no password supplied", "",
		 "; say password= in conninfo, or keep it in PGPASSFILE"},
		{"no pg_hba.conf entry", "",
		 "; the server's pg_hba.conf has to let this role in, from this host"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
		if (strstr(message, steps[i].sign) != NULL &&
		    strstr(message, steps[i].also) != NULL)
			return steps[i].step;
	return "";
}
