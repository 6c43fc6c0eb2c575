/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <sysexits.h>

#include "daemon/command.h"
#include "lib/error.h"
#include "lib/store/schema.h"

/*
 * patchmail set: what a PATCH over HTTP does, by who has the database. The same functions
 * write the same rows and events.
 */

typedef struct {
	char *state, *delegate, *commit_ref, *user;
	gboolean archived, no_archived, no_delegate;
} PmSetOptions;

static void
clear_options(PmSetOptions *options)
{
	g_free(options->state);
	g_free(options->delegate);
	g_free(options->commit_ref);
	g_free(options->user);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmSetOptions, clear_options)

static void
add_text(PmParams *params, const char *text)
{
	if (text != NULL)
		pm_params_text(params, text);
	else
		pm_params_null(params, PM_TYPE_TEXT);
}

/* In the order of the statement's parameters. (transfer full) */
static PmParams *
params_of(char **patches, const PmSetOptions *options)
{
	PmParams *params = pm_params_new();
	guint list = pm_params_array(params, PM_TYPE_TEXT);

	for (; *patches != NULL; patches++)
		pm_params_add_text(params, list, *patches);
	add_text(params, options->state);
	add_text(params, options->no_delegate ? "" : options->delegate);
	add_text(params, options->archived	? "true"
			 : options->no_archived ? "false"
						: NULL);
	add_text(params, options->commit_ref);
	add_text(params, options->user);
	return params;
}

static void
print_patch(const PmContext *context, const PmRows *rows, guint i)
{
	const char *changed = pm_rows_text(rows, i, 4);

	if (context->json) {
		g_autoptr(JsonBuilder) builder = json_builder_new();

		json_builder_begin_object(builder);
		pm_json_number(builder, "id", pm_rows_int(rows, i, 1));
		pm_json_text(builder, "msgid", pm_rows_text(rows, i, 2));
		pm_json_text(builder, "name", pm_rows_text(rows, i, 3));
		pm_json_text(builder, "changed", changed);
		pm_json_text(builder, "state", pm_rows_text_or_null(rows, i, 5));
		pm_json_text(builder, "delegate", pm_rows_text_or_null(rows, i, 6));
		json_builder_set_member_name(builder, "archived");
		json_builder_add_boolean_value(builder, pm_rows_bool(rows, i, 7));
		pm_json_text(builder, "commit_ref", pm_rows_text_or_null(rows, i, 8));
		json_builder_end_object(builder);
		pm_print_json(builder);
	} else if (!context->quiet) {
		printf("patch %s: %s%s  %s\n", pm_rows_text(rows, i, 1),
		       *changed ? "changed " : "as it was", changed,
		       pm_rows_text(rows, i, 3));
	}
}

static gboolean
set_patches(PmContext *context, char **patches, const PmSetOptions *options,
	    GError **error)
{
	g_autoptr(PmPg) pg = pm_context_open_pg(context, error);

	if (pg == NULL || !pm_schema_check_functions(pg, error))
		return FALSE;
	guint n = pm_pg_send(pg, PM_SQL_SET_PATCHES, params_of(patches, options));
	if (!pm_pg_sync(pg, error))
		return FALSE;
	const PmRows *rows = pm_pg_rows(pg, n);
	if (pm_rows_count(rows) > 0 && !pm_rows_is_null(rows, 0, 0)) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
			    "nothing was changed: %s", pm_rows_text(rows, 0, 0));
		return FALSE;
	}
	for (guint i = 0; i < pm_rows_count(rows); i++)
		print_patch(context, rows, i);
	return TRUE;
}

static const char *
what_is_wrong(int argc, char **argv, const PmSetOptions *options)
{
	if (argc < 3 || !g_str_equal(argv[1], "patch"))
		return "give patch, and ids or Message-IDs";
	if (options->archived && options->no_archived)
		return "--archived and --no-archived exclude each other";
	if (options->delegate != NULL && options->no_delegate)
		return "--delegate and --no-delegate exclude each other";
	if (options->state == NULL && options->delegate == NULL &&
	    options->commit_ref == NULL && !options->archived && !options->no_archived &&
	    !options->no_delegate)
		return "say what to set: --state, --delegate, --archived, --commit-ref";
	for (int i = 2; i < argc; i++)
		if (!g_utf8_validate(argv[i], -1, NULL))
			return "a Message-ID is not in UTF-8";
	return NULL;
}

int
pm_command_set(PmContext *context, int argc, char **argv)
{
	g_auto(PmSetOptions) options = {0};
	const GOptionEntry entries[] = {
		{"state", 0, 0, G_OPTION_ARG_STRING, &options.state,
		 "Its state, by slug or name", "S"},
		{"delegate", 0, 0, G_OPTION_ARG_STRING, &options.delegate,
		 "The maintainer whose it is, by name or id", "U"},
		{"no-delegate", 0, 0, G_OPTION_ARG_NONE, &options.no_delegate,
		 "It is nobody's", NULL},
		{"archived", 0, 0, G_OPTION_ARG_NONE, &options.archived, "Archive it",
		 NULL},
		{"no-archived", 0, 0, G_OPTION_ARG_NONE, &options.no_archived,
		 "Take it out of the archive", NULL},
		{"commit-ref", 0, 0, G_OPTION_ARG_STRING, &options.commit_ref,
		 "The commit it became; empty for none", "C"},
		{"user", 0, 0, G_OPTION_ARG_STRING, &options.user,
		 "Who events say did it; nobody unless told", "U"},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(context, entries, "patch ID|MESSAGE-ID…",
			      "Example:\n  patchmail set patch 12 13 --state accepted "
			      "--commit-ref 3f2a91c --archived",
			      &argc, &argv, &error))
		return pm_command_fail(error);
	const char *wrong = what_is_wrong(argc, argv, &options);
	if (wrong != NULL)
		return pm_command_usage(wrong);
	if (!set_patches(context, argv + 2, &options, &error))
		return pm_command_fail(error);
	return EX_OK;
}
