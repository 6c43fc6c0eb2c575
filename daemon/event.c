/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/event.h"

#include <gio/gio.h>
#include <string.h>
#include <sysexits.h>

#include "lib/error.h"

static const char *const categories[] = {
	"cover-created",	 "patch-created",	  "patch-completed",
	"patch-state-changed",	 "patch-delegated",	  "patch-relation-changed",
	"check-created",	 "series-created",	  "series-completed",
	"cover-comment-created", "patch-comment-created", NULL,
};

/* The columns of tail_events, in their order. */
enum {
	ID,
	CATEGORY,
	DATE,
	PROJECT,
	MSGID,
	NAME,
	SERIES,
	VERSION,
	RECEIVED,
	TOTAL,
	COVER,
	PATCH,
	COMMENT,
	STATE,
};

static const struct {
	const char *key;
	guint column;
	gboolean is_number;
} fields[] = {
	{"id", ID, TRUE},
	{"category", CATEGORY, FALSE},
	{"date", DATE, FALSE},
	{"project", PROJECT, FALSE},
	{"msgid", MSGID, FALSE},
	{"name", NAME, FALSE},
	{"series", SERIES, TRUE},
	{"version", VERSION, TRUE},
	{"received", RECEIVED, TRUE},
	{"total", TOTAL, TRUE},
	{"cover", COVER, TRUE},
	{"patch", PATCH, TRUE},
	{"comment", COMMENT, TRUE},
	{"state", STATE, FALSE},
};

gboolean
pm_event_is_category(const char *name)
{
	return g_strv_contains(categories, name);
}

char *
pm_event_categories(void)
{
	return g_strjoinv(" ", (char **)categories);
}

gint64
pm_event_id(const PmRows *rows, guint row)
{
	return pm_rows_int(rows, row, ID);
}

const char *
pm_event_category(const PmRows *rows, guint row)
{
	return pm_rows_text(rows, row, CATEGORY);
}

const char *
pm_event_project(const PmRows *rows, guint row)
{
	return pm_rows_text(rows, row, PROJECT);
}

/* Names come from mails: no control character reaches a terminal. */
static void
append_printable(GString *line, const char *text)
{
	for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
		gunichar one = g_utf8_get_char(c);

		g_string_append_unichar(line, g_unichar_iscntrl(one) ? ' ' : one);
	}
}

char *
pm_event_line(const PmRows *rows, guint row)
{
	GString *line = g_string_new(NULL);

	g_string_append_printf(line, "%s  %s  %-21s ", pm_rows_text(rows, row, DATE),
			       pm_rows_text(rows, row, PROJECT),
			       pm_rows_text(rows, row, CATEGORY));
	if (!pm_rows_is_null(rows, row, SERIES))
		g_string_append_printf(line, " #%s v%s %s/%s",
				       pm_rows_text(rows, row, SERIES),
				       pm_rows_text(rows, row, VERSION),
				       pm_rows_text(rows, row, RECEIVED),
				       pm_rows_text(rows, row, TOTAL));
	if (!pm_rows_is_null(rows, row, STATE))
		g_string_append_printf(line, " [%s]", pm_rows_text(rows, row, STATE));
	g_string_append_c(line, ' ');
	append_printable(line, pm_rows_text(rows, row, NAME));
	g_string_append_c(line, ' ');
	append_printable(line, pm_rows_text(rows, row, MSGID));
	return g_string_free(line, FALSE);
}

char *
pm_event_json(const PmRows *rows, guint row)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();

	json_builder_begin_object(builder);
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (fields[i].is_number && !pm_rows_is_null(rows, row, fields[i].column))
			pm_json_number(builder, fields[i].key,
				       pm_rows_int(rows, row, fields[i].column));
		else
			pm_json_text(builder, fields[i].key,
				     pm_rows_text_or_null(rows, row, fields[i].column));
	}
	json_builder_end_object(builder);
	g_autoptr(JsonNode) root = json_builder_get_root(builder);
	return json_to_string(root, FALSE);
}

static GSubprocess *
start_command(const PmRows *rows, guint row, const char *command, GError **error)
{
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDIN_PIPE);
	const char *const shell[] = {"/bin/sh", "-c", command, NULL};

	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_autofree char *upper = g_ascii_strup(fields[i].key, -1);
		g_autofree char *name = g_strconcat("PATCHMAIL_", upper, NULL);

		g_subprocess_launcher_setenv(
			launcher, name, pm_rows_text(rows, row, fields[i].column), TRUE);
	}
	return g_subprocess_launcher_spawnv(launcher, shell, error);
}

gboolean
pm_event_run(const PmRows *rows, guint row, const char *command, GError **error)
{
	g_autofree char *json = pm_event_json(rows, row);
	g_autofree char *line = g_strconcat(json, "\n", NULL);
	g_autoptr(GBytes) input = g_bytes_new(line, strlen(line));
	g_autoptr(GError) failure = NULL;
	g_autoptr(GSubprocess) process = start_command(rows, row, command, &failure);

	/* That it did not read all of it says nothing. */
	if (process != NULL)
		(void)g_subprocess_communicate(process, input, NULL, NULL, NULL, NULL);
	if (process != NULL && g_subprocess_wait_check(process, NULL, &failure))
		return TRUE;
	gboolean is_passing = process != NULL && g_subprocess_get_if_exited(process) &&
			      g_subprocess_get_exit_status(process) == EX_TEMPFAIL;
	g_set_error(error, PM_ERROR,
		    is_passing ? PM_ERROR_TEMPORARY_DATABASE : PM_ERROR_PERMANENT_INPUT,
		    "could not run the command for event %s: %s",
		    pm_rows_text(rows, row, ID), failure->message);
	return FALSE;
}
