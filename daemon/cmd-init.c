/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <sysexits.h>

#include "daemon/command.h"
#include "daemon/progress.h"
#include "lib/store/schema.h"

/* patchmail init: makes the schema, or brings it up to date. */

typedef struct {
	PmPg *pg;
	const char *role;
	gboolean dry_run;
	PmSchemaReport report;
	GError *error;
} PmInit;

static gpointer
init(gpointer data)
{
	PmInit *run = data;

	return GINT_TO_POINTER(pm_schema_init(run->pg, run->role, run->dry_run,
					      &run->report, &run->error));
}

static void
report(const PmContext *context, const GPtrArray *done, gboolean dry_run)
{
	for (guint i = 0; i < done->len; i++) {
		const char *sentence = g_ptr_array_index(done, i);

		if (context->json) {
			g_autoptr(JsonBuilder) builder = json_builder_new();

			json_builder_begin_object(builder);
			pm_json_text(builder, "done", sentence);
			json_builder_set_member_name(builder, "dry_run");
			json_builder_add_boolean_value(builder, dry_run);
			json_builder_end_object(builder);
			pm_print_json(builder);
		} else if (!context->quiet) {
			printf("%s%s\n", dry_run ? "would have " : "", sentence);
		}
	}
}

int
pm_command_init(PmContext *context, int argc, char **argv)
{
	g_autofree char *role = NULL, *api_role = NULL;
	gboolean dry_run = FALSE;
	const GOptionEntry entries[] = {
		{"grant", 0, 0, G_OPTION_ARG_STRING, &role,
		 "Give this role the rights to take in mail", "ROLE"},
		{"grant-api", 0, 0, G_OPTION_ARG_STRING, &api_role,
		 "Give this role the rights to answer over HTTP", "ROLE"},
		{"dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, "Say what would be done",
		 NULL},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GPtrArray) done = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(context, entries, "",
			      "Example:\n  patchmail -d dbname=patchwork init", &argc,
			      &argv, &error))
		return pm_command_fail(error);
	if (argc > 1)
		return pm_command_usage("init takes no arguments");
	g_autoptr(PmPg) pg = pm_context_open_pg(context, &error);
	if (pg == NULL)
		return pm_command_fail(error);
	PmInit run = {pg, role, dry_run, {done, NULL}, NULL};
	if (!pm_progress_while(!context->quiet, init, &run, &run.report.doing)) {
		error = run.error;
		return pm_command_fail(error);
	}
	if (api_role != NULL && !dry_run && !pm_schema_grant_api(pg, api_role, &error))
		return pm_command_fail(error);
	if (api_role != NULL)
		g_ptr_array_add(done, g_strdup_printf("given role %s what answering over "
						      "HTTP needs",
						      api_role));
	report(context, done, dry_run);
	return EX_OK;
}
