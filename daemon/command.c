/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/command.h"

#include <stdio.h>
#include <sysexits.h>

#include "daemon/store-options.h"
#include "daemon/terminal.h"
#include "lib/error.h"

/* What the subcommands share. */

/* Commands whose answer may be longer than a screen, and that ask nothing. */
static gboolean
is_paged(const char *command)
{
	static const char *const paged[] = {"show", "explain", NULL};

	return g_strv_contains(paged, command);
}

gboolean
pm_command_parse(PmContext *context, const GOptionEntry *entries, const char *usage,
		 const char *help, int *argc, char ***argv, GError **error)
{
	g_autofree char *config_path = NULL, *conninfo = NULL;
	const GOptionEntry globals[] = {
		{"config", 0, 0, G_OPTION_ARG_FILENAME, &config_path,
		 "Configuration file", "FILE"},
		{"database", 'd', 0, G_OPTION_ARG_STRING, &conninfo,
		 "libpq connection string", "CONNINFO"},
		{"json", 0, 0, G_OPTION_ARG_NONE, &context->json,
		 "One JSON object a line", NULL},
		{"verbose", 'v', 0, G_OPTION_ARG_NONE, &context->verbose, "Say more",
		 NULL},
		{"quiet", 'q', 0, G_OPTION_ARG_NONE, &context->quiet, "Say only errors",
		 NULL},
		{"no-pager", 0, 0, G_OPTION_ARG_NONE, &context->no_pager,
		 "Show all at once on a terminal", NULL},
		G_OPTION_ENTRY_NULL,
	};
	g_autofree char *name = g_strdup_printf("patchmail %s", (*argv)[0]);
	g_autoptr(GOptionContext) options = g_option_context_new(usage);
	g_autoptr(GError) failure = NULL;

	g_set_prgname(name);
	if (entries != NULL)
		g_option_context_add_main_entries(options, entries, NULL);
	g_option_context_add_main_entries(options, globals, NULL);
	g_option_context_set_description(options, help);
	if (!g_option_context_parse(options, argc, argv, &failure)) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_USAGE, "%s",
			    failure->message);
		return FALSE;
	}
	if (conninfo != NULL)
		context->conninfo = g_intern_string(conninfo);
	if (config_path != NULL)
		context->config_path = g_intern_string(config_path);
	context->config = pm_config_new(context->config_path, error);
	if (context->config == NULL)
		return FALSE;
	pm_terminal_begin(!context->no_pager && is_paged((*argv)[0]));
	return TRUE;
}

const char *
pm_context_conninfo(const PmContext *context)
{
	const char *configured =
		pm_config_string(context->config, "database", "conninfo");

	return context->conninfo ? context->conninfo : configured;
}

static void
print_move(const PmMove *move, gpointer user_data)
{
	(void)user_data;
	g_printerr("patchmail: %s moved: series %d, number %d -> series %d, number %d: "
		   "%s\n",
		   move->msgid, move->from_series, move->from_number, move->to_series,
		   move->to_number, move->rule);
}

static void
print_trimmed(gint64 mails, gint64 bytes)
{
	g_printerr("patchmail: %" G_GINT64_FORMAT
		   " mails left quarantine (%" G_GINT64_FORMAT
		   " bytes): [quarantine] max-age or max-bytes\n",
		   mails, bytes);
}

PmStore *
pm_context_open_store(const PmContext *context, GError **error)
{
	PmStoreOptions options;

	pm_store_options_init(&options, context->config, context->conninfo);
	options.trimmed = print_trimmed;
	if (context->verbose)
		options.moved = print_move;
	return pm_store_new(&options, error);
}

PmPg *
pm_context_open_pg(const PmContext *context, GError **error)
{
	return pm_pg_new(pm_context_conninfo(context),
			 pm_config_string(context->config, "ingest", "time-zone"), error);
}

int
pm_command_fail(const GError *error)
{
	g_printerr("patchmail: %s\n", error->message);
	return pm_error_exit_status(error);
}

int
pm_command_usage(const char *message)
{
	g_printerr("%s: %s; see --help\n", g_get_prgname(), message);
	return EX_USAGE;
}

void
pm_print_json(JsonBuilder *builder)
{
	g_autoptr(JsonNode) root = json_builder_get_root(builder);
	g_autofree char *text = json_to_string(root, FALSE);

	puts(text);
}

void
pm_json_text(JsonBuilder *builder, const char *key, const char *value)
{
	json_builder_set_member_name(builder, key);
	if (value == NULL)
		json_builder_add_null_value(builder);
	else
		json_builder_add_string_value(builder, value);
}

void
pm_json_number(JsonBuilder *builder, const char *key, gint64 value)
{
	json_builder_set_member_name(builder, key);
	json_builder_add_int_value(builder, value);
}
