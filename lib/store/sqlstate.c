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

/* libpq's messages are several lines with a final newline; ours are one. (transfer full) */
static char *
one_line(const char *message)
{
	char *line = g_strdup(message);

	g_strdelimit(line, "\r\n\t", ' ');
	return g_strstrip(line);
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

/* What an administrator does about it, "; ..." to stand behind it; "" where we know nothing. */
static const char *
next_step(const char *message)
{
	static const struct {
		const char *sign, *also, *step;
	} steps[] = {
		{"role \"", "does not exist",
		 "; \"createuser NAME\" makes a role, run by PostgreSQL's administrator, "
		 "on Debian \"su - postgres -c 'createuser NAME'\""},
		{"database \"", "does not exist",
		 "; \"createdb -E UTF8 -T template0 NAME\" makes a database"},
		{"Peer authentication failed", "",
		 "; through PostgreSQL's socket a user of the system is the role of the "
		 "same name only; be that user, or say host= and password= in conninfo"},
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

void
pm_sqlstate_set_error(GError **error, const char *state, const char *message,
		      const char *detail, const char *format, ...)
{
	g_autofree char *text = one_line(message);
	g_autofree char *more = one_line(detail ? detail : "");
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	pm_error_set(error, pm_sqlstate_code(state), state, "%s: %s%s%s%s%s", what, text,
		     *more ? " (" : "", more, *more ? ")" : "",
		     g_strcmp0(state, "42704") == 0 ? next_step(text) : "");
}

void
pm_sqlstate_set_lost(GError **error, const char *message, int silence)
{
	g_autofree char *text = silence > 0
					? g_strdup_printf("no answer for %d s", silence)
					: one_line(message);

	g_set_error(error, PM_ERROR, PM_ERROR_TEMPORARY_DATABASE, "lost the database: %s",
		    *text ? text : "connection closed");
}

void
pm_sqlstate_set_refused(GError **error, const char *message)
{
	g_autofree char *text = one_line(message);
	int code = pm_sqlstate_is_refusal(text) ? PM_ERROR_PERMANENT_CONFIG
						: PM_ERROR_TEMPORARY_DATABASE;

	pm_error_set(error, code, pm_sqlstate_is_crowded(text) ? "53300" : NULL,
		     "could not connect to the database: %s%s", text, next_step(text));
}
