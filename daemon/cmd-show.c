/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/cmd-thread.h"
#include "daemon/command.h"
#include "lib/error.h"

/* patchmail show: rows for people; with --json one object a line. */

typedef struct {
	const char *noun;
	PmSql sql;
	const char *const *labels; /* of the columns, NULL-terminated; the last
				      ones may be bodies, shown as they are */
	guint n_bodies;
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

static const PmView views[] = {
	{"patch", PM_SQL_SHOW_PATCH, patch_labels, 2},
	{"cover", PM_SQL_SHOW_COVER, cover_labels, 1},
	{"series", PM_SQL_SHOW_SERIES, series_labels, 0},
	{"event", PM_SQL_SHOW_EVENT, event_labels, 0},
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

static void
print_row_json(const PmView *view, const PmRows *rows, guint row, const PmRows *mails)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();

	json_builder_begin_object(builder);
	for (guint i = 0; view->labels[i] != NULL; i++)
		pm_json_text(builder, view->labels[i],
			     pm_rows_text_or_null(rows, row, i));
	if (mails != NULL) {
		json_builder_set_member_name(builder, "mails");
		json_builder_begin_array(builder);
		for (guint i = 0; i < pm_rows_count(mails); i++) {
			json_builder_begin_object(builder);
			pm_json_text(builder, "kind", pm_rows_text(mails, i, 0));
			pm_json_number(builder, "id", pm_rows_int(mails, i, 1));
			pm_json_number(builder, "number", pm_rows_int(mails, i, 2));
			pm_json_text(builder, "name", pm_rows_text(mails, i, 3));
			pm_json_text(builder, "msgid", pm_rows_text(mails, i, 6));
			json_builder_end_object(builder);
		}
		json_builder_end_array(builder);
	}
	json_builder_end_object(builder);
	pm_print_json(builder);
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

static int
show(PmContext *context, const PmView *view, const char *what)
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
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		const char *const id[] = {pm_rows_text(rows, i, 0)};
		g_autoptr(PmRows) mails = NULL;

		if (view->sql == PM_SQL_SHOW_SERIES)
			mails = pm_pg_query(pg, PM_SQL_SHOW_SERIES_MAILS, id, 1, NULL);
		if (context->json) {
			print_row_json(view, rows, i, mails);
			continue;
		}
		if (i > 0)
			puts("");
		print_row(view, rows, i);
		if (mails != NULL)
			print_mails(mails);
	}
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
	g_autofree char *project = NULL;
	const GOptionEntry entries[] = {
		{"project", 0, 0, G_OPTION_ARG_STRING, &project, "Only of this project",
		 "LINKNAME"},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(context, entries,
			      "patch|cover|series|event ID|MESSAGE-ID, raw|thread "
			      "MESSAGE-ID, series",
			      "Example:\n  patchmail show series          the newest 40\n"
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
			return show(context, &views[i], argv[2]);
	return pm_command_usage("show knows patch, cover, series, event, thread and raw");
}
