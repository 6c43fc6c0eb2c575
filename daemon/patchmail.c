/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <locale.h>
#include <stdio.h>
#include <sysexits.h>

#include "daemon/command.h"
#include "daemon/memory.h"
#include "daemon/terminal.h"
#include "daemon/version.h"
#include "lib/error.h"

/* The command line: global options, then a subcommand out of one table. */

static const struct {
	const char *name;
	PmCommandRun run;
	const char *summary;
} commands[] = {
	{"init", pm_command_init, "create or upgrade the schema"},
	{"project", pm_command_project, "add, list, change or remove projects"},
	{"user", pm_command_user, "add or list users, give tokens and projects"},
	{"deliver", pm_command_deliver, "store one mail, from standard input or a file"},
	{"replay", pm_command_replay, "store the mails of archives"},
	{"refresh", pm_command_refresh, "read kept mails anew and update their rows"},
	{"follow", pm_command_follow, "store the mails of a public-inbox as they come"},
	{"explain", pm_command_explain, "say how a mail is read and classified, and why"},
	{"show", pm_command_show,
	 "show a patch, cover, series, thread, event or raw mail"},
	{"set", pm_command_set, "set state, delegate, archived or commit of patches"},
	{"series", pm_command_series, "merge, split or mend series by hand"},
	{"quarantine", pm_command_quarantine,
	 "list, show, retry or discard mails not stored"},
	{"status", pm_command_status, "say what runs, what came lately and what waits"},
	{"tail", pm_command_tail, "print each event as it is committed"},
	{"check", pm_command_check, "check configuration, database and schema"},
};

/* (transfer full) */
static char *
describe_commands(void)
{
	GString *text = g_string_new("Commands (each with --help):\n");

	for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
		g_string_append_printf(text, "  %-12s %s\n", commands[i].name,
				       commands[i].summary);
	g_string_append(text, "\nExample:\n"
			      "  patchmail -d dbname=patchwork replay --list-id "
			      "dev.example.org dev.mbox\n");
	return g_string_free(text, FALSE);
}

static int
run_command(PmContext *context, int argc, char **argv)
{
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
		if (g_str_equal(commands[i].name, argv[0]))
			return commands[i].run(context, argc, argv);
	g_printerr("patchmail: there is no command \"%s\"; see patchmail --help\n",
		   argv[0]);
	return EX_USAGE;
}

int
main(int argc, char **argv)
{
	g_autofree char *config_path = NULL, *conninfo = NULL;
	gboolean show_version = FALSE;
	PmContext context = {0};
	const GOptionEntry entries[] = {
		{"config", 0, 0, G_OPTION_ARG_FILENAME, &config_path,
		 "Configuration file", "FILE"},
		{"database", 'd', 0, G_OPTION_ARG_STRING, &conninfo,
		 "libpq connection string", "CONNINFO"},
		{"json", 0, 0, G_OPTION_ARG_NONE, &context.json, "One JSON object a line",
		 NULL},
		{"verbose", 'v', 0, G_OPTION_ARG_NONE, &context.verbose, "Say more",
		 NULL},
		{"quiet", 'q', 0, G_OPTION_ARG_NONE, &context.quiet, "Say only errors",
		 NULL},
		{"no-pager", 0, 0, G_OPTION_ARG_NONE, &context.no_pager,
		 "Show all at once on a terminal", NULL},
		{"version", 0, 0, G_OPTION_ARG_NONE, &show_version, "Print the version",
		 NULL},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) options = g_option_context_new("COMMAND [ARGUMENT…]");
	g_autofree char *description = describe_commands();
	g_autoptr(GError) error = NULL;

	setlocale(LC_CTYPE, "");
	pm_memory_tune(2);
	setvbuf(stdout, NULL, _IOLBF, 0);
	g_option_context_add_main_entries(options, entries, NULL);
	g_option_context_set_strict_posix(options, TRUE);
	g_option_context_set_description(options, description);
	if (!g_option_context_parse(options, &argc, &argv, &error))
		return pm_command_usage(error->message);
	if (show_version) {
		puts("patchmail " PM_VERSION);
		return EX_OK;
	}
	if (argc < 2)
		return pm_command_usage("no command given");
	context.config_path = config_path;
	context.conninfo = conninfo;
	int status = run_command(&context, argc - 1, argv + 1);
	pm_config_free(context.config);
	pm_terminal_end();
	return status;
}
