/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <signal.h>
#include <stdio.h>
#include <sysexits.h>

#include "daemon/event.h"
#include "lib/error.h"

/*
 * patchmail tail: each event once, in the order of its id. A notification only says that
 * there is something; what there is is read from the table, so that nothing is missed
 * while the connection is away, and Patchwork's own events are seen too, at the next look.
 *
 * Ids are given before a commit: one that commits late stands behind the newest one
 * shown. So each look goes back a stretch, and what was shown is remembered that far.
 */

enum {
	/* Seconds between looks without a notification. */
	LOOK_INTERVAL = 10,
	BACKOFF_MAX = 30,
	/* Ids that a look goes back. */
	STRETCH = 1000,
	PAGE = 500,
	/* Shown ids remembered before those out of reach are forgotten. */
	SHOWN_MAX = 8 * STRETCH,
};

typedef struct {
	PmContext *context;
	char **projects, **categories; /* NULL: all */
	char *command, *state_path;
	gint64 last;	   /* highest id seen */
	GHashTable *shown; /* set of ids */
	gboolean is_begun;
} PmTail;

static gboolean
is_wanted(char **list, const char *what)
{
	return list == NULL || g_strv_contains((const char *const *)list, what);
}

static gboolean
is_out_of_reach(gpointer key, gpointer value, gpointer user_data)
{
	const PmTail *tail = user_data;

	(void)value;
	return *(gint64 *)key <= tail->last - STRETCH;
}

/* TRUE where the event is new. */
static gboolean
mark_shown(PmTail *tail, gint64 id)
{
	if (!g_hash_table_add(tail->shown, g_memdup2(&id, sizeof(id))))
		return FALSE;
	tail->last = MAX(tail->last, id);
	if (g_hash_table_size(tail->shown) > SHOWN_MAX)
		g_hash_table_foreach_remove(tail->shown, is_out_of_reach, tail);
	return TRUE;
}

/* Where to go on after a restart; not being able to write it down ends us. */
static gboolean
write_state(const PmTail *tail, GError **error)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) failure = NULL;

	if (tail->state_path == NULL)
		return TRUE;
	text = g_strdup_printf("%" G_GINT64_FORMAT "\n", tail->last);
	if (g_file_set_contents(tail->state_path, text, -1, &failure))
		return TRUE;
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG, "%s", failure->message);
	return FALSE;
}

/* Until the command has done it, or says that it never will. */
static void
run_command(const PmTail *tail, const PmRows *rows, guint row)
{
	for (guint backoff = 1;; backoff = MIN(backoff * 2, BACKOFF_MAX)) {
		g_autoptr(GError) error = NULL;

		if (pm_event_run(rows, row, tail->command, &error))
			return;
		if (!pm_error_is_temporary(error)) {
			g_printerr("patchmail: %s, continuing\n", error->message);
			return;
		}
		g_printerr("patchmail: %s; trying again in %u seconds\n", error->message,
			   backoff);
		g_usleep(backoff * G_USEC_PER_SEC);
	}
}

static void
show_event(PmTail *tail, const PmRows *rows, guint row)
{
	g_autofree char *line = NULL;

	if (!is_wanted(tail->projects, pm_event_project(rows, row)) ||
	    !is_wanted(tail->categories, pm_event_category(rows, row)))
		return;
	if (tail->command != NULL) {
		run_command(tail, rows, row);
		return;
	}
	line = tail->context->json ? pm_event_json(rows, row) : pm_event_line(rows, row);
	puts(line);
}

/* All events behind this id, page by page; those not shown yet are. */
static gboolean
look(PmTail *tail, PmPg *pg, gint64 from, GError **error)
{
	gboolean is_new = FALSE;

	for (;;) {
		g_autofree char *begin = g_strdup_printf("%" G_GINT64_FORMAT, from);
		const char *const params[] = {begin, G_STRINGIFY(500)};
		G_STATIC_ASSERT(PAGE == 500);
		g_autoptr(PmRows) rows =
			pm_pg_query(pg, PM_SQL_TAIL_EVENTS, params, 2, error);

		if (rows == NULL)
			return FALSE;
		for (guint i = 0; i < pm_rows_count(rows); i++) {
			from = pm_event_id(rows, i);
			if (!mark_shown(tail, from))
				continue;
			show_event(tail, rows, i);
			is_new = TRUE;
			if (tail->command != NULL && !write_state(tail, error))
				return FALSE;
		}
		if (pm_rows_count(rows) < PAGE)
			break;
	}
	(void)fflush(stdout);
	return !is_new || write_state(tail, error);
}

/* Without a place to begin at, that is here and now. */
static gboolean
begin(PmTail *tail, PmPg *pg, GError **error)
{
	g_autoptr(PmRows) newest = NULL;

	if (tail->is_begun)
		return TRUE;
	newest = pm_pg_query(pg, PM_SQL_LAST_EVENT, NULL, 0, error);
	if (newest == NULL)
		return FALSE;
	gint64 last = pm_rows_int(newest, 0, 0);
	if (tail->last < 0)
		tail->last = last;
	/* What is there now within reach of a look has been seen. */
	for (gint64 id = MAX(1, tail->last - STRETCH); id <= tail->last; id++)
		(void)mark_shown(tail, id);
	tail->is_begun = TRUE;
	return write_state(tail, error);
}

/* Until the connection is lost. */
static void
listen_on(PmTail *tail, PmPg *pg, GError **error)
{
	gint64 look_at = 0;
	guint n = 0;

	if (!pm_pg_script(pg, PM_SQL_LISTEN, error) || !begin(tail, pg, error))
		return;
	for (;;) {
		gint64 now = g_get_monotonic_time();
		gboolean is_due = now >= look_at;

		if (is_due)
			look_at = now + LOOK_INTERVAL * G_USEC_PER_SEC;
		if ((is_due || n > 0) &&
		    !look(tail, pg, is_due ? MAX(0, tail->last - STRETCH) : tail->last,
			  error))
			return;
		int left = (int)((look_at - g_get_monotonic_time()) / 1000);
		if (!pm_pg_wait(pg, MAX(left, 0) + 1, &n, error))
			return;
	}
}

static int
tail_events(PmTail *tail)
{
	guint backoff = 1;

	for (;;) {
		g_autoptr(GError) error = NULL;
		g_autoptr(PmPg) pg = pm_context_open_pg(tail->context, &error);

		if (pg != NULL) {
			backoff = 1;
			listen_on(tail, pg, &error);
		}
		if (!pm_error_is_temporary(error))
			return pm_command_fail(error);
		if (!tail->context->quiet)
			g_printerr("patchmail: %s; trying again in %u seconds\n",
				   error->message, backoff);
		g_usleep(backoff * G_USEC_PER_SEC);
		backoff = MIN(backoff * 2, BACKOFF_MAX);
	}
}

/* Where the run before ended; a file that is not there yet is none. */
static gboolean
read_state(PmTail *tail, GError **error)
{
	guint64 id = 0;

	if (tail->state_path == NULL)
		return TRUE;
	g_autofree char *text = NULL;
	if (!g_file_get_contents(tail->state_path, &text, NULL, NULL))
		return TRUE;
	g_strchomp(text);
	if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT32, &id, NULL)) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
			    "could not use %s: it does not hold the id of an event; "
			    "remove it to begin now",
			    tail->state_path);
		return FALSE;
	}
	tail->last = (gint64)id;
	return TRUE;
}

static const char *
find_unknown(char **categories)
{
	for (char **name = categories; name != NULL && *name != NULL; name++)
		if (!pm_event_is_category(*name))
			return *name;
	return NULL;
}

static int
usage_of_category(const char *name)
{
	g_autofree char *known = pm_event_categories();
	g_autofree char *message =
		g_strdup_printf("there is no category \"%s\"; there are %s", name, known);

	return pm_command_usage(message);
}

int
pm_command_tail(PmContext *context, int argc, char **argv)
{
	g_auto(GStrv) projects = NULL, categories = NULL;
	g_autofree char *command = NULL, *state_path = NULL;
	gint64 since = -1;
	const GOptionEntry entries[] = {
		{"project", 0, 0, G_OPTION_ARG_STRING_ARRAY, &projects,
		 "Only of this project; may be repeated", "LINKNAME"},
		{"category", 0, 0, G_OPTION_ARG_STRING_ARRAY, &categories,
		 "Only of this category; may be repeated", "NAME"},
		{"since", 0, 0, G_OPTION_ARG_INT64, &since,
		 "Begin behind this event (0: at the first); now unless told", "ID"},
		{"state", 0, 0, G_OPTION_ARG_FILENAME, &state_path,
		 "Remember there how far it is, and go on from it", "FILE"},
		{"exec", 0, 0, G_OPTION_ARG_STRING, &command,
		 "Run this for each event instead of printing it", "COMMAND"},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(context, entries, "",
			      "Example:\n  patchmail tail --project demo\n"
			      "  patchmail tail --json --category series-completed\n"
			      "  patchmail tail --category series-completed --exec "
			      "'build-series \"$PATCHMAIL_SERIES\"'",
			      &argc, &argv, &error))
		return pm_command_fail(error);
	if (argc > 1)
		return pm_command_usage("tail takes no arguments");
	if (find_unknown(categories) != NULL)
		return usage_of_category(find_unknown(categories));
	PmTail tail = {
		.context = context,
		.projects = projects,
		.categories = categories,
		.command = command,
		.state_path = state_path,
		.last = since,
	};
	if (!read_state(&tail, &error))
		return pm_command_fail(error);
	/* A command need not read what it is told. */
	if (command != NULL)
		(void)signal(SIGPIPE, SIG_IGN);
	tail.shown = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	int status = tail_events(&tail);
	g_hash_table_unref(tail.shown);
	return status;
}
