/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <sysexits.h>

#include "daemon/command.h"
#include "daemon/progress.h"
#include "lib/error.h"
#include "lib/ingest.h"

/* patchmail quarantine: mails that could not be stored. */

static int
list(PmContext *context)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PmPg) pg = pm_context_open_pg(context, &error);
	g_autoptr(PmRows) rows =
		pg ? pm_pg_query(pg, PM_SQL_LIST_QUARANTINE, NULL, 0, &error) : NULL;

	if (rows == NULL)
		return pm_command_fail(error);
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		if (!context->json) {
			printf("%5s  %s  %-12s %8s bytes  %s: %s\n",
			       pm_rows_text(rows, i, 0), pm_rows_text(rows, i, 1),
			       pm_rows_text(rows, i, 2), pm_rows_text(rows, i, 4),
			       pm_rows_is_null(rows, i, 3) ? "without id"
							   : pm_rows_text(rows, i, 3),
			       pm_rows_text(rows, i, 5));
			continue;
		}
		g_autoptr(JsonBuilder) builder = json_builder_new();
		json_builder_begin_object(builder);
		pm_json_number(builder, "id", pm_rows_int(rows, i, 0));
		pm_json_text(builder, "arrived", pm_rows_text(rows, i, 1));
		pm_json_text(builder, "project", pm_rows_text_or_null(rows, i, 2));
		pm_json_text(builder, "msgid", pm_rows_text_or_null(rows, i, 3));
		pm_json_number(builder, "size", pm_rows_int(rows, i, 4));
		pm_json_text(builder, "reason", pm_rows_text(rows, i, 5));
		json_builder_end_object(builder);
		pm_print_json(builder);
	}
	return EX_OK;
}

/* The quarantined mail, or NULL with error. (transfer full) */
static PmRows *
fetch(PmPg *pg, const char *id, GError **error)
{
	const char *const params[] = {id};
	g_autoptr(PmRows) rows =
		pm_pg_query(pg, PM_SQL_SHOW_QUARANTINE, params, 1, error);

	if (rows != NULL && pm_rows_count(rows) == 0) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
			    "there is no quarantined mail %s", id);
		return NULL;
	}
	return g_steal_pointer(&rows);
}

static int
show(PmContext *context, const char *id)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PmPg) pg = pm_context_open_pg(context, &error);
	g_autoptr(PmRows) rows = pg ? fetch(pg, id, &error) : NULL;

	if (rows == NULL)
		return pm_command_fail(error);
	g_autoptr(GBytes) bytes = pm_rows_bytes(rows, 0, 0);
	fwrite(g_bytes_get_data(bytes, NULL), 1, g_bytes_get_size(bytes), stdout);
	return EX_OK;
}

static gboolean
remove_one(PmPg *pg, const char *id, GError **error)
{
	const char *const params[] = {id};
	g_autoptr(PmRows) rows =
		pm_pg_query(pg, PM_SQL_DISCARD_QUARANTINE, params, 1, error);

	if (rows != NULL && pm_rows_count(rows) == 0) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
			    "there is no quarantined mail %s", id);
		return FALSE;
	}
	return rows != NULL;
}

static int
discard(PmContext *context, char **ids)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PmPg) pg = pm_context_open_pg(context, &error);

	if (pg == NULL)
		return pm_command_fail(error);
	for (; *ids != NULL; ids++)
		if (!remove_one(pg, *ids, &error))
			return pm_command_fail(error);
	return EX_OK;
}

static void
note_outcome(const PmEntry *entry, gpointer tag, gpointer user_data)
{
	(void)user_data;
	*(PmOutcome *)tag = entry->outcome;
}

/* TRUE where the attempt could be made; removes the mail where it is stored now. */
static gboolean
retry_one(PmStore *store, PmCatalog *catalog, const char *id, PmProgress *progress,
	  GError **error)
{
	PmOutcome outcome = PM_OUTCOME_NONE;
	PmIngestOptions options;
	g_autoptr(PmRows) rows = fetch(pm_store_pg(store), id, error);

	if (rows == NULL)
		return FALSE;
	g_autoptr(GBytes) bytes = pm_rows_bytes(rows, 0, 0);
	g_autofree char *list_id = g_strdup(pm_rows_text_or_null(rows, 0, 3));
	guint64 size = (guint64)pm_rows_int(rows, 0, 4);

	pm_ingest_options_init(&options);
	options.list_id = list_id;
	g_autoptr(PmIngest) ingest =
		pm_ingest_new(store, catalog, &options, note_outcome, NULL);
	if (!pm_ingest_push(ingest, bytes, size, &outcome, error) ||
	    !pm_ingest_finish(ingest, error))
		return FALSE;
	pm_progress_wipe(progress);
	printf("%s: %s\n", id, pm_outcome_to_string(outcome));
	return outcome == PM_OUTCOME_QUARANTINED ||
	       remove_one(pm_store_pg(store), id, error);
}

/* An exit status. What --all found, and is gone by now, was stored or let go by others. */
static int
retry_or_say(PmStore *store, PmCatalog *catalog, const char *id, gboolean may_be_gone,
	     PmProgress *progress)
{
	g_autoptr(GError) error = NULL;

	if (retry_one(store, catalog, id, progress, &error))
		return EX_OK;
	if (may_be_gone && g_error_matches(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT))
		return EX_OK;
	pm_progress_wipe(progress);
	g_printerr("patchmail: %s: %s\n", id, error->message);
	return pm_error_exit_status(error);
}

static int
retry(PmContext *context, char **ids, gboolean is_all)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	g_autoptr(PmStore) store = pm_context_open_store(context, &error);
	g_autoptr(PmCatalog) catalog = store ? pm_store_catalog(store, 0, &error) : NULL;

	if (catalog == NULL)
		return pm_command_fail(error);
	for (; *ids != NULL; ids++)
		g_ptr_array_add(list, g_strdup(*ids));
	if (is_all) {
		g_autoptr(PmRows) rows = pm_pg_query(
			pm_store_pg(store), PM_SQL_LIST_QUARANTINE, NULL, 0, &error);

		for (guint i = 0; rows != NULL && i < pm_rows_count(rows); i++)
			g_ptr_array_add(list, g_strdup(pm_rows_text(rows, i, 0)));
	}
	pm_mail_init();
	int status = error ? pm_command_fail(error) : EX_OK;
	PmProgress progress;
	pm_progress_init(&progress, !context->quiet);
	for (guint i = 0; i < list->len && status != EX_TEMPFAIL; i++) {
		pm_progress_update(&progress, i, i, list->len);
		int one = retry_or_say(store, catalog, g_ptr_array_index(list, i), is_all,
				       &progress);

		status = one != EX_OK ? one : status;
	}
	pm_progress_wipe(&progress);
	return status;
}

int
pm_command_quarantine(PmContext *context, int argc, char **argv)
{
	gboolean is_all = FALSE;
	const GOptionEntry entries[] = {
		{"all", 0, 0, G_OPTION_ARG_NONE, &is_all, "retry: every mail", NULL},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(
		    context, entries, "list | show ID | retry ID…|--all | discard ID…",
		    "Example:\n  patchmail quarantine list\n  patchmail quarantine "
		    "show 3 | less\n  patchmail quarantine retry --all",
		    &argc, &argv, &error))
		return pm_command_fail(error);
	const char *verb = argc > 1 ? argv[1] : "list";
	if (g_str_equal(verb, "list") && argc <= 2)
		return list(context);
	if (g_str_equal(verb, "show") && argc == 3)
		return show(context, argv[2]);
	if (g_str_equal(verb, "retry") && (argc > 2 || is_all))
		return retry(context, argv + 2, is_all);
	if (g_str_equal(verb, "discard") && argc > 2)
		return discard(context, argv + 2);
	return pm_command_usage("the verbs are list, show ID, retry ID… and discard ID…");
}
