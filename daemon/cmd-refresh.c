/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <sysexits.h>

#include "daemon/difference.h"
#include "daemon/progress.h"
#include "daemon/reading.h"
#include "daemon/refresh.h"
#include "lib/error.h"
#include "lib/store/refresh.h"

/*
 * patchmail refresh, and replay --update: mails read anew, from where they were kept or from
 * archives, and the rows that would hold something else now.
 */

enum { BATCH_MAILS = 200, BATCH_BYTES = 16 * 1024 * 1024 };

typedef struct {
	PmContext *context;
	PmStore *store;
	PmCatalog *catalog;
	PmRefreshFlags flags;
	const char *linkname; /* of refresh; or NULL */
	GPtrArray *msgids;    /* of refresh; empty: all */
	PmSource *source;     /* of replay; or NULL */
	const char *list_id;  /* of replay; or NULL */
	char *last;	      /* the row that was told of last */
	guint64 mails, rows;
	gboolean is_damaged; /* a file could not be read */
	PmProgress progress;
	GError *error;
} PmRun;

static void
report_json(const PmDifference *difference)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();

	json_builder_begin_object(builder);
	pm_json_text(builder, "kind", difference->kind);
	pm_json_number(builder, "id", difference->id);
	pm_json_text(builder, "msgid", difference->msgid);
	pm_json_text(builder, "field", difference->field);
	pm_json_text(builder, "was", difference->was);
	pm_json_text(builder, "now", difference->now);
	json_builder_end_object(builder);
	pm_print_json(builder);
}

static void
report(const PmDifference *difference, gpointer user_data)
{
	PmRun *run = user_data;
	g_autofree char *row = g_strdup_printf("%s %d %s", difference->kind,
					       difference->id, difference->msgid);
	gboolean is_new = g_strcmp0(row, run->last) != 0;

	run->rows += is_new;
	pm_progress_wipe(&run->progress);
	if (run->context->json)
		report_json(difference);
	else if (!run->context->quiet) {
		g_autofree char *hunk = pm_difference_hunk(
			difference->field, difference->was, difference->now);

		if (is_new)
			printf("--- %s (stored)\n+++ %s\n", row, row);
		fputs(hunk, stdout);
	}
	g_free(run->last);
	run->last = g_steal_pointer(&row);
}

static gboolean
refresh_entries(PmRun *run, GPtrArray *entries)
{
	run->mails += entries->len;
	pm_progress_update(&run->progress, run->mails, 0, 0);
	return pm_refresh(run->store, (PmEntry **)entries->pdata, entries->len,
			  run->flags, report, run, &run->error);
}

static void *
refresh_kept(void *data)
{
	PmRun *run = data;
	g_autofree char *position = NULL;

	for (;;) {
		g_autoptr(GPtrArray) entries = pm_refresh_next(
			run->store, run->catalog, &position, run->linkname, run->msgids,
			BATCH_MAILS, &run->error);

		if (entries == NULL || entries->len == 0 ||
		    !refresh_entries(run, entries))
			return NULL;
	}
}

/* Adds the next mail of the archives; FALSE at their end. */
static gboolean
add_from_source(PmRun *run, GPtrArray *entries, size_t *bytes)
{
	g_autoptr(GError) damage = NULL;
	g_autoptr(PmSourceMail) mail = pm_source_next(run->source, &damage);

	if (mail == NULL && damage == NULL)
		return FALSE;
	if (mail == NULL) {
		run->is_damaged = TRUE;
		pm_progress_wipe(&run->progress);
		g_printerr("patchmail: %s, continuing\n", damage->message);
		return TRUE;
	}
	guint64 size = mail->is_cut ? mail->size : g_bytes_get_size(mail->bytes);
	g_ptr_array_add(entries,
			pm_entry_read(mail->bytes, size, run->catalog, run->list_id));
	*bytes += g_bytes_get_size(mail->bytes);
	return TRUE;
}

static void *
refresh_archived(void *data)
{
	PmRun *run = data;
	gboolean is_more = TRUE;

	while (is_more) {
		g_autoptr(GPtrArray) entries =
			g_ptr_array_new_with_free_func((GDestroyNotify)pm_entry_free);
		size_t bytes = 0;

		while (is_more && entries->len < BATCH_MAILS && bytes < BATCH_BYTES)
			is_more = add_from_source(run, entries, &bytes);
		if (!refresh_entries(run, entries))
			return NULL;
	}
	return NULL;
}

static int
run_to_end(PmRun *run, void *(*work)(void *), gboolean dry_run)
{
	const char *keep = pm_config_string(run->context->config, "ingest", "keep-raw");
	g_autoptr(GError) error = NULL;
	g_autoptr(PmStore) store = pm_context_open_store(run->context, &error);
	g_autoptr(PmCatalog) catalog = store ? pm_store_catalog(store, 0, &error) : NULL;

	if (catalog == NULL)
		return pm_command_fail(error);
	run->store = store;
	run->catalog = catalog;
	run->flags = (dry_run ? PM_REFRESH_DRY_RUN : 0) |
		     (g_str_equal(keep, "no") ? 0 : PM_REFRESH_KEEP_RAW);
	pm_mail_init();
	pm_progress_init(&run->progress, !run->context->quiet);
	pm_run_with_mail_stack(work, run);
	pm_progress_wipe(&run->progress);
	g_free(run->last);
	g_autoptr(GError) failure = run->error;
	if (failure != NULL)
		return pm_command_fail(failure);
	if (!run->context->quiet)
		g_printerr("%" G_GUINT64_FORMAT " mails read, %" G_GUINT64_FORMAT
			   " rows %s\n",
			   run->mails, run->rows, dry_run ? "would change" : "changed");
	return run->is_damaged ? EX_DATAERR : EX_OK;
}

int
pm_refresh_archives(PmContext *context, const char *const *paths, PmSourceFormat format,
		    const char *list_id, gboolean dry_run)
{
	size_t limit =
		(size_t)pm_config_number(context->config, "lmtp", "max-message-size");
	g_autoptr(PmSource) source = pm_source_new(paths, format, limit);
	PmRun run = {.context = context, .source = source, .list_id = list_id};

	return run_to_end(&run, refresh_archived, dry_run);
}

int
pm_command_refresh(PmContext *context, int argc, char **argv)
{
	g_autofree char *linkname = NULL;
	gboolean dry_run = FALSE;
	const GOptionEntry entries[] = {
		{"project", 0, 0, G_OPTION_ARG_STRING, &linkname, "Only of this project",
		 "LINKNAME"},
		{"dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run,
		 "Show what would change, change nothing", NULL},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GPtrArray) msgids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(context, entries, "[MESSAGE-ID…]",
			      "Example:\n  patchmail refresh --dry-run --project dev",
			      &argc, &argv, &error))
		return pm_command_fail(error);
	for (int i = 1; i < argc; i++)
		g_ptr_array_add(msgids, argv[i][0] == '<'
						? g_strdup(argv[i])
						: g_strdup_printf("<%s>", argv[i]));
	PmRun run = {.context = context, .linkname = linkname, .msgids = msgids};
	return run_to_end(&run, refresh_kept, dry_run);
}
