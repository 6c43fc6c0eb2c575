/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <sysexits.h>

#include "daemon/refresh.h"
#include "daemon/replay.h"
#include "lib/error.h"

/* patchmail replay: archives once, from where each was left. */

static void
report_deleted(const PmContext *context, const PmReplayResult *result)
{
	if (result->n_deleted > 0 && !context->quiet)
		g_printerr("patchmail: %" G_GUINT64_FORMAT
			   " mails were deleted in their archive; they are kept here\n",
			   result->n_deleted);
}

/* Nothing but mails of lists that no project has is a mistake, most of the time. */
static void
report_ignored(const PmContext *context, const PmReplayResult *result)
{
	guint64 ignored = result->summary.outcomes[PM_OUTCOME_IGNORED];

	if (ignored > 0 && ignored == result->summary.mails && !context->quiet)
		g_printerr("patchmail: all mails were ignored; replay -v says why, "
			   "\"patchmail project list\" which lists have a project, and "
			   "--list-id takes all mails as of one list\n");
}

static int
finish(const PmContext *context, const PmReplayResult *result)
{
	guint64 mails = result->summary.mails;

	if (context->json || !context->quiet)
		pm_summary_print(&result->summary, context->json);
	report_deleted(context, result);
	report_ignored(context, result);
	if (pm_replay_is_interrupted()) {
		g_printerr("patchmail: interrupted after %" G_GUINT64_FORMAT
			   " mails; run the same command again to go on, what is stored "
			   "is known\n",
			   mails);
		return EX_TEMPFAIL;
	}
	if (!result->is_done) {
		g_assert(result->error != NULL);
		g_printerr("patchmail: %s; stopped after %" G_GUINT64_FORMAT
			   " mails, run the same command again to go on\n",
			   result->error->message, mails);
		return pm_error_exit_status(result->error);
	}
	return result->input_errors > 0 ? EX_DATAERR : EX_OK;
}

static int
replay(PmContext *context, const char *const *paths, const PmReplayOptions *options)
{
	g_auto(PmReplayResult) result = {0};

	pm_replay_catch_interrupts();
	pm_replay_run(context, paths, options, &result);
	/* Nothing was begun: only the reason is worth a line. */
	if (!result.is_done && result.error != NULL && result.summary.mails == 0 &&
	    !pm_error_is_temporary(result.error))
		return pm_command_fail(result.error);
	return finish(context, &result);
}

int
pm_command_replay(PmContext *context, int argc, char **argv)
{
	g_autofree char *list_id = NULL, *format_name = NULL, *since = NULL;
	gboolean dry_run = FALSE, is_all = FALSE, update = FALSE;
	int jobs = 0;
	const GOptionEntry entries[] = {
		{"list-id", 0, 0, G_OPTION_ARG_STRING, &list_id,
		 "Take all mails as of this list", "ID"},
		{"format", 0, 0, G_OPTION_ARG_STRING, &format_name,
		 "auto, mbox, mboxo, mboxrd, maildir, eml or public-inbox", "FORMAT"},
		{"jobs", 'j', 0, G_OPTION_ARG_INT, &jobs, "Threads that read mails (1)",
		 "N"},
		{"since", 0, 0, G_OPTION_ARG_STRING, &since,
		 "public-inbox: begin behind this commit", "REV"},
		{"all", 0, 0, G_OPTION_ARG_NONE, &is_all,
		 "public-inbox: begin at the first commit", NULL},
		{"dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run,
		 "Read and classify, store nothing", NULL},
		{"update", 'u', 0, G_OPTION_ARG_NONE, &update,
		 "Store nothing new; update the rows of mails that are known", NULL},
		G_OPTION_ENTRY_NULL,
	};
	PmReplayOptions options;
	PmSourceFormat format = PM_SOURCE_AUTO;
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(
		    context, entries, "PATH… | -",
		    "Example:\n  patchmail replay --list-id dev.example.org "
		    "dev.mbox.gz maildir/\n  gzip -dc dev.mbox.gz | patchmail replay -\n"
		    "  git -C dev/git/0.git fetch && patchmail replay dev/",
		    &argc, &argv, &error))
		return pm_command_fail(error);
	if (argc < 2)
		return pm_command_usage("no archive given");
	if (jobs < 0 || jobs > 64)
		return pm_command_usage("--jobs takes 1 to 64");
	if (since != NULL && is_all)
		return pm_command_usage("--since and --all exclude each other");
	if (format_name != NULL && !pm_source_format_parse(format_name, &format))
		return pm_command_usage("unknown --format");
	if (update)
		return pm_refresh_archives(context, (const char *const *)argv + 1, format,
					   list_id, dry_run);
	pm_replay_options_init(&options, context, list_id, jobs);
	options.format = format;
	options.since = since;
	options.is_all = is_all;
	options.dry_run = dry_run;
	return replay(context, (const char *const *)argv + 1, &options);
}
