/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/cmd-thread.h"
#include "daemon/command.h"
#include "lib/error.h"
#include "lib/store/schema.h"

/* patchmail show: rows for people; with --json the document of Patchwork's REST API, one a
 * line. */

#define DEFAULT_BASE_URL "http://localhost"

typedef struct {
	const char *noun;
	PmSql sql;
	const char *const *labels; /* of the columns, NULL-terminated; bodies are shown as
				      they are */
} PmView;

static const char *const patch_labels[] = {
	"id",	"msgid", "name", "project", "from", "date",	"state", "series",
	"hash", "tags",	 "pull", "content", "diff", "delegate", NULL};
static const char *const cover_labels[] = {"id",   "msgid",  "name",	"project", "from",
					   "date", "series", "content", NULL};
static const char *const series_labels[] = {"id",	"name",	    "project", "version",
					    "total",	"received", "from",    "date",
					    "replaces", NULL};
static const char *const event_labels[] = {
	"id", "category", "date", "project", "series", "cover", "patch", "comment", NULL};

static const char *const person_labels[] = {"id",   "name",    "email",
					    "user", "patches", NULL};
static const char *const project_labels[] = {
	"id", "linkname", "name", "list-id", "list-email", "subject-match", NULL};
static const char *const comment_labels[] = {
	"id", "msgid", "on", "name", "from", "date", "addressed", "content", NULL};

static const PmView views[] = {
	{"patch", PM_SQL_SHOW_PATCH, patch_labels},
	{"cover", PM_SQL_SHOW_COVER, cover_labels},
	{"series", PM_SQL_SHOW_SERIES, series_labels},
	{"event", PM_SQL_SHOW_EVENT, event_labels},
	{"person", PM_SQL_SHOW_PERSON, person_labels},
	{"project", PM_SQL_SHOW_PROJECT, project_labels},
	{"comment", PM_SQL_SHOW_COMMENT, comment_labels},
};

static gboolean
is_body(const char *label)
{
	return g_str_equal(label, "content") || g_str_equal(label, "diff");
}

static void
print_row(const PmView *view, const PmRows *rows, guint row)
{
	for (guint i = 0; view->labels[i] != NULL; i++)
		if (!is_body(view->labels[i]) && !pm_rows_is_null(rows, row, i))
			printf("%-9s %s\n", view->labels[i], pm_rows_text(rows, row, i));
	for (guint i = 0; view->labels[i] != NULL; i++)
		if (is_body(view->labels[i]) && *pm_rows_text(rows, row, i) != '\0')
			printf("\n%s\n", pm_rows_text(rows, row, i));
}

/* Prints the document of a row; FALSE with error. */
static gboolean
print_document(PmPg *pg, const PmView *view, const PmRows *rows, guint row,
	       const char *base_url, GError **error)
{
	/* The third column of a comment says what it is on. */
	const char *const params[] = {view->noun, pm_rows_text(rows, row, 0), base_url,
				      pm_rows_text(rows, row, 2)};
	g_autoptr(PmRows) document =
		pm_pg_query(pg, PM_SQL_SHOW_DOCUMENT, params, 4, error);

	if (document == NULL)
		return FALSE;
	puts(pm_rows_text(document, 0, 0));
	return TRUE;
}

static void
print_mails(const PmRows *mails)
{
	for (guint i = 0; i < pm_rows_count(mails); i++)
		printf("  %-5s %6s  %-60s %s%s%s%s\n", pm_rows_text(mails, i, 0),
		       pm_rows_text(mails, i, 1), pm_rows_text(mails, i, 3),
		       pm_rows_text(mails, i, 4),
		       pm_rows_int(mails, i, 5) > 0 ? ", " : "",
		       pm_rows_int(mails, i, 5) > 0 ? pm_rows_text(mails, i, 5) : "",
		       pm_rows_int(mails, i, 5) > 0 ? " comments" : "");
}

static gboolean
print_documents(PmPg *pg, const PmView *view, const PmRows *rows, const char *base_url,
		GError **error)
{
	if (!pm_schema_check_functions(pg, error))
		return FALSE;
	for (guint i = 0; i < pm_rows_count(rows); i++)
		if (!print_document(pg, view, rows, i, base_url, error))
			return FALSE;
	return TRUE;
}

static void
print_rows(PmPg *pg, const PmView *view, const PmRows *rows)
{
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		const char *const id[] = {pm_rows_text(rows, i, 0)};
		g_autoptr(PmRows) mails = NULL;

		if (i > 0)
			puts("");
		print_row(view, rows, i);
		if (view->sql == PM_SQL_SHOW_SERIES)
			mails = pm_pg_query(pg, PM_SQL_SHOW_SERIES_MAILS, id, 1, NULL);
		if (mails != NULL)
			print_mails(mails);
	}
}

static int
show(PmContext *context, const PmView *view, const char *what, const char *base_url)
{
	const char *const params[] = {what};
	g_autoptr(GError) error = NULL;
	g_autoptr(PmPg) pg = pm_context_open_pg(context, &error);
	g_autoptr(PmRows) rows =
		pg ? pm_pg_query(pg, view->sql, params, 1, &error) : NULL;

	if (rows == NULL)
		return pm_command_fail(error);
	if (pm_rows_count(rows) == 0) {
		g_printerr("patchmail: there is no %s \"%s\"\n", view->noun, what);
		return EX_DATAERR;
	}
	if (!context->json)
		print_rows(pg, view, rows);
	else if (!print_documents(pg, view, rows, base_url, &error))
		return pm_command_fail(error);
	return EX_OK;
}

static int
list_series(PmContext *context, const char *limit, const char *project)
{
	const char *const params[] = {limit, project};
	g_autoptr(GError) error = NULL;
	g_autoptr(PmPg) pg = pm_context_open_pg(context, &error);
	g_autoptr(PmRows) rows =
		pg ? pm_pg_query(pg, PM_SQL_LIST_SERIES, params, 2, &error) : NULL;

	if (rows == NULL)
		return pm_command_fail(error);
	for (guint i = 0; i < pm_rows_count(rows); i++)
		printf("%6s  %s  %-12s v%-2s %2s/%-2s %s  %s (%s)\n",
		       pm_rows_text(rows, i, 0), pm_rows_text(rows, i, 1),
		       pm_rows_text(rows, i, 2), pm_rows_text(rows, i, 3),
		       pm_rows_text(rows, i, 5), pm_rows_text(rows, i, 4),
		       pm_rows_bool(rows, i, 6) ? "cover" : "     ",
		       pm_rows_text(rows, i, 7), pm_rows_text(rows, i, 8));
	return EX_OK;
}

static int
show_raw(PmContext *context, const char *msgid)
{
	g_autofree char *id =
		msgid[0] == '<' ? g_strdup(msgid) : g_strdup_printf("<%s>", msgid);
	const char *const params[] = {id};
	g_autoptr(GError) error = NULL;
	g_autoptr(PmPg) pg = pm_context_open_pg(context, &error);
	g_autoptr(PmRows) rows =
		pg ? pm_pg_query(pg, PM_SQL_SHOW_RAW, params, 1, &error) : NULL;

	if (rows == NULL)
		return pm_command_fail(error);
	if (pm_rows_count(rows) == 0) {
		g_printerr(
			"patchmail: mail %s was not kept as it arrived; see keep-raw in "
			"patchmail.conf(5)\n",
			id);
		return EX_DATAERR;
	}
	g_autoptr(GBytes) bytes = pm_rows_bytes(rows, 0, 0);
	fwrite(g_bytes_get_data(bytes, NULL), 1, g_bytes_get_size(bytes), stdout);
	return EX_OK;
}

int
pm_command_show(PmContext *context, int argc, char **argv)
{
	g_autofree char *project = NULL, *base_url = NULL;
	const GOptionEntry entries[] = {
		{"project", 0, 0, G_OPTION_ARG_STRING, &project, "Only of this project",
		 "LINKNAME"},
		{"base-url", 0, 0, G_OPTION_ARG_STRING, &base_url,
		 "With --json, what links begin with [" DEFAULT_BASE_URL "]", "URL"},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(
		    context, entries,
		    "patch|cover|series|comment|event|person|project WHICH, raw|thread "
		    "MESSAGE-ID, series",
		    "Example:\n  patchmail show series          # the newest 40\n"
		    "  patchmail show series 12\n  patchmail show patch "
		    "'<20260601.1@example.org>'",
		    &argc, &argv, &error))
		return pm_command_fail(error);
	if (argc == 2 && g_str_equal(argv[1], "series"))
		return list_series(context, "40", project);
	if (argc != 3)
		return pm_command_usage("say what to show, and which");
	if (g_str_equal(argv[1], "thread"))
		return pm_show_thread(context, argv[2]);
	if (g_str_equal(argv[1], "raw"))
		return show_raw(context, argv[2]);
	for (guint i = 0; i < G_N_ELEMENTS(views); i++)
		if (g_str_equal(views[i].noun, argv[1]))
			return show(context, &views[i], argv[2],
				    base_url ? base_url : DEFAULT_BASE_URL);
	return pm_command_usage("show knows patch, cover, series, comment, event, "
				"person, project, thread and raw");
}
