/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/command.h"
#include "lib/error.h"
#include "lib/store/decide.h"

/*
 * patchmail series: what belongs together where no rule can know. What is decided is
 * recorded, holds for later mails, and can be listed as commands for another database.
 */

typedef struct {
	char *project;
	char **from;
	int number;
	gboolean dry_run;
} PmSeriesOptions;

static void
clear_options(PmSeriesOptions *options)
{
	g_free(options->project);
	g_strfreev(options->from);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmSeriesOptions, clear_options)

static void
print_move(const PmMove *move, gpointer user_data)
{
	const PmContext *context = user_data;
	g_autofree char *to = move->to_series
				      ? g_strdup_printf("series %d", move->to_series)
				      : g_strdup("a new series");

	if (context->json) {
		g_autoptr(JsonBuilder) builder = json_builder_new();

		json_builder_begin_object(builder);
		pm_json_text(builder, "msgid", move->msgid);
		pm_json_text(builder, "project", move->project);
		pm_json_number(builder, "from_series", move->from_series);
		pm_json_number(builder, "from_number", move->from_number);
		pm_json_number(builder, "to_series", move->to_series);
		pm_json_number(builder, "to_number", move->to_number);
		json_builder_end_object(builder);
		pm_print_json(builder);
	} else if (!context->quiet) {
		printf("%s: series %d, number %d -> %s, number %d\n", move->msgid,
		       move->from_series, move->from_number, to, move->to_number);
	}
}

static int
decide(PmContext *context, const PmDecision *decision)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PmStore) store = pm_context_open_store(context, &error);
	int id = 0;

	if (store == NULL ||
	    !pm_decide(store, decision, print_move, context, &id, &error))
		return pm_command_fail(error);
	if (context->quiet || context->json)
		return EX_OK;
	if (decision->dry_run)
		puts("nothing was changed");
	else
		printf("recorded as decision %d\n", id);
	return EX_OK;
}

static int
merge(PmContext *context, int argc, char **argv, const PmSeriesOptions *options)
{
	const PmDecision decision = {
		.verb = PM_DECISION_MERGE,
		.project = options->project,
		.subject = argv[0],
		.object = argc > 1 ? argv[1] : NULL,
		.dry_run = options->dry_run,
	};

	if (argc != 2)
		return pm_command_usage("merge takes two series");
	return decide(context, &decision);
}

/* All Message-IDs, whether --from stands before each or only before the first. */
static int
split(PmContext *context, int argc, char **argv, const PmSeriesOptions *options)
{
	g_autoptr(GPtrArray) mails = g_ptr_array_new();

	for (char **from = options->from; from != NULL && *from != NULL; from++)
		g_ptr_array_add(mails, *from);
	for (int i = 1; mails->len > 0 && i < argc; i++)
		g_ptr_array_add(mails, argv[i]);
	if (argc < 1 || mails->len == 0)
		return pm_command_usage(
			"split takes a series and --from with the mails that leave it");
	g_ptr_array_add(mails, NULL);
	const PmDecision decision = {
		.verb = PM_DECISION_SPLIT,
		.project = options->project,
		.subject = argv[0],
		.mails = (const char *const *)mails->pdata,
		.dry_run = options->dry_run,
	};
	return decide(context, &decision);
}

static int
move(PmContext *context, int argc, char **argv, const PmSeriesOptions *options)
{
	const PmDecision decision = {
		.verb = PM_DECISION_MOVE,
		.project = options->project,
		.subject = argv[0],
		.object = argc > 1 ? argv[1] : NULL,
		.number = options->number,
		.dry_run = options->dry_run,
	};

	if (argc != 2)
		return pm_command_usage("move takes a patch and a series");
	if (options->number < 0 || options->number > G_MAXINT16)
		return pm_command_usage("--number takes 1 to 32767");
	return decide(context, &decision);
}

static int
undo(PmContext *context, int argc, char **argv, const PmSeriesOptions *options)
{
	g_autoptr(GError) error = NULL;
	guint64 id = 0;

	if (argc != 1 ||
	    !g_ascii_string_to_unsigned(argv[0], 10, 1, G_MAXINT32, &id, NULL))
		return pm_command_usage("undo takes the number of a decision");
	g_autoptr(PmStore) store = pm_context_open_store(context, &error);
	if (store == NULL || !pm_decide_undo(store, (int)id, options->dry_run, print_move,
					     context, &error))
		return pm_command_fail(error);
	if (!context->quiet && !context->json)
		printf("%s\n", options->dry_run ? "nothing was changed" : "undone");
	return EX_OK;
}

static void
print_json_decision(const PmRows *rows, guint i, char **arguments)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();

	json_builder_begin_object(builder);
	pm_json_number(builder, "id", pm_rows_int(rows, i, 0));
	pm_json_text(builder, "project", pm_rows_text_or_null(rows, i, 1));
	pm_json_text(builder, "verb", pm_rows_text(rows, i, 2));
	json_builder_set_member_name(builder, "arguments");
	json_builder_begin_array(builder);
	for (char **argument = arguments; *argument != NULL; argument++)
		json_builder_add_string_value(builder, *argument);
	json_builder_end_array(builder);
	pm_json_text(builder, "decided", pm_rows_text(rows, i, 4));
	pm_json_text(builder, "by", pm_rows_text(rows, i, 5));
	pm_json_text(builder, "undone", pm_rows_text_or_null(rows, i, 6));
	json_builder_end_object(builder);
	pm_print_json(builder);
}

/* A line that a shell can run against another database. */
static void
print_command(const PmRows *rows, guint i, char **arguments)
{
	printf("patchmail series %s --project %s", pm_rows_text(rows, i, 2),
	       pm_rows_text(rows, i, 1));
	for (char **argument = arguments; *argument != NULL; argument++) {
		gboolean is_plain = strpbrk(*argument, "<>@") == NULL;
		g_autofree char *quoted =
			is_plain ? g_strdup(*argument) : g_shell_quote(*argument);

		printf(" %s", quoted);
	}
	printf("  # %s, %s by %s\n", pm_rows_text(rows, i, 0), pm_rows_text(rows, i, 4),
	       pm_rows_text(rows, i, 5));
}

static int
list_decisions(PmContext *context, int argc, char **argv, const PmSeriesOptions *options)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PmPg) pg = pm_context_open_pg(context, &error);
	g_autoptr(PmRows) rows =
		pg ? pm_pg_query(pg, PM_SQL_LIST_DECISIONS, NULL, 0, &error) : NULL;

	(void)argv;
	if (rows == NULL)
		return pm_command_fail(error);
	if (argc != 0)
		return pm_command_usage("list-decisions takes no arguments");
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		g_auto(GStrv) arguments = g_strsplit(pm_rows_text(rows, i, 3), "\n", -1);

		if (options->project != NULL &&
		    !g_str_equal(options->project, pm_rows_text(rows, i, 1)))
			continue;
		if (context->json)
			print_json_decision(rows, i, arguments);
		else if (pm_rows_is_null(rows, i, 6))
			print_command(rows, i, arguments);
	}
	return EX_OK;
}

static const struct {
	const char *name;
	int (*run)(PmContext *context, int argc, char **argv,
		   const PmSeriesOptions *options);
} verbs[] = {
	{"merge", merge},
	{"split", split},
	{"move", move},
	{"undo", undo},
	{"list-decisions", list_decisions},
};

int
pm_command_series(PmContext *context, int argc, char **argv)
{
	g_auto(PmSeriesOptions) options = {0};
	const GOptionEntry entries[] = {
		{"from", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.from,
		 "split: the mails that go to a new series", "MESSAGE-ID"},
		{"number", 0, 0, G_OPTION_ARG_INT, &options.number,
		 "move: the number it gets there (its own)", "N"},
		{"project", 0, 0, G_OPTION_ARG_STRING, &options.project,
		 "Where several projects have such a mail", "LINKNAME"},
		{"dry-run", 'n', 0, G_OPTION_ARG_NONE, &options.dry_run,
		 "Say what would be done", NULL},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(
		    context, entries,
		    "merge SERIES OTHER | split SERIES --from MESSAGE-ID… | move PATCH "
		    "SERIES [--number N] | undo ID | list-decisions",
		    "SERIES is an id, or the Message-ID of a patch or cover in it.\n\n"
		    "Example:\n  patchmail series merge 12 15\n  patchmail series split "
		    "12 --from '<20260601.3@example.org>' '<20260601.4@example.org>'\n  "
		    "patchmail series move '<20260601.4@example.org>' 12 --number 4\n  "
		    "patchmail series list-decisions > decisions.sh",
		    &argc, &argv, &error))
		return pm_command_fail(error);
	for (guint i = 0; argc > 1 && i < G_N_ELEMENTS(verbs); i++)
		if (g_str_equal(argv[1], verbs[i].name))
			return verbs[i].run(context, argc - 2, argv + 2, &options);
	return pm_command_usage("the verbs are merge, split, move, undo and "
				"list-decisions");
}
