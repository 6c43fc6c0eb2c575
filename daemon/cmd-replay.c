/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <signal.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/command.h"
#include "daemon/progress.h"
#include "daemon/refresh.h"
#include "daemon/summary.h"
#include "lib/error.h"
#include "lib/ingest.h"
#include "lib/source/source.h"

/*
 * patchmail replay: archives through the spine. The main thread reads the archive,
 * the ingest does the rest; what it reports is counted under a lock, since it reports
 * from its writer.
 */

typedef struct {
	PmContext *context;
	PmSource *source;
	PmIngest *ingest;
	PmProgress progress;
	GMutex lock;	    /* of what follows */
	GHashTable *places; /* set of PmPlace: mails on their way */
	PmSummary summary;
	guint64 input_errors;
} PmReplay;

/* Where a mail came from, for messages. */
typedef struct {
	char *path;
	guint64 number;
} PmPlace;

static void
free_place(gpointer data)
{
	PmPlace *place = data;

	g_free(place->path);
	g_free(place);
}

static volatile sig_atomic_t is_interrupted;

static void
note_interrupt(int signal)
{
	(void)signal;
	is_interrupted = 1;
}

static void
catch_interrupts(void)
{
	/* A second Ctrl-C ends the program at once. */
	struct sigaction action = {.sa_handler = note_interrupt,
				   .sa_flags = SA_RESETHAND};

	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
}

static void
report_quarantined(PmReplay *replay, const PmEntry *entry, const PmPlace *place)
{
	const char *msgid =
		entry->mail && entry->mail->msgid ? entry->mail->msgid : "without id";

	pm_progress_wipe(&replay->progress);
	g_printerr("patchmail: %s: mail %" G_GUINT64_FORMAT
		   " (%s) was quarantined: %s; see "
		   "\"patchmail quarantine list\"\n",
		   place->path, place->number, msgid, entry->reason ? entry->reason : "");
}

static void
report_verbose(PmReplay *replay, const PmEntry *entry, const PmPlace *place)
{
	pm_progress_wipe(&replay->progress);
	g_printerr("%s:%" G_GUINT64_FORMAT " %s %s%s%s\n", place->path, place->number,
		   entry->mail && entry->mail->msgid ? entry->mail->msgid : "-",
		   pm_outcome_to_string(entry->outcome), entry->reason ? ": " : "",
		   entry->reason ? entry->reason : "");
}

static void
count(const PmEntry *entry, gpointer tag, gpointer user_data)
{
	PmReplay *replay = user_data;
	const PmPlace *place = tag;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&replay->lock);

	pm_summary_add(&replay->summary, entry);
	if (replay->context->verbose)
		report_verbose(replay, entry, place);
	else if (entry->outcome == PM_OUTCOME_QUARANTINED && !replay->context->quiet)
		report_quarantined(replay, entry, place);
	if (is_interrupted)
		pm_ingest_cancel(replay->ingest);
	g_hash_table_remove(replay->places, tag);
}

static void
show_progress(PmReplay *replay)
{
	guint64 done = 0, total = 0;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&replay->lock);

	pm_source_progress(replay->source, &done, &total);
	pm_progress_update(&replay->progress, replay->summary.mails, done, total);
}

static void
report_input_error(PmReplay *replay, const GError *error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&replay->lock);

	replay->input_errors++;
	pm_progress_wipe(&replay->progress);
	g_printerr("patchmail: %s, continuing\n", error->message);
}

/* Owned by the replay until the mail is reported, or the replay ends early. */
static PmPlace *
add_place(PmReplay *replay, const PmSourceMail *mail)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&replay->lock);
	PmPlace *place = g_new0(PmPlace, 1);

	place->path = g_strdup(mail->path);
	place->number = mail->number;
	g_hash_table_add(replay->places, place);
	return place;
}

static gboolean
push_all(PmReplay *replay, GError **error)
{
	while (!is_interrupted) {
		g_autoptr(GError) damage = NULL;
		g_autoptr(PmSourceMail) mail = pm_source_next(replay->source, &damage);

		if (mail == NULL && damage == NULL)
			return TRUE;
		if (mail == NULL) {
			report_input_error(replay, damage);
			continue;
		}
		PmPlace *place = add_place(replay, mail);
		/* Quoting makes a mail longer in its archive than it is. */
		guint64 size = mail->is_cut ? mail->size : g_bytes_get_size(mail->bytes);
		if (!pm_ingest_push(replay->ingest, mail->bytes, size, place, error))
			return FALSE;
		show_progress(replay);
	}
	return TRUE;
}

static int
finish(PmReplay *replay, gboolean is_done, const GError *error)
{
	pm_progress_wipe(&replay->progress);
	if (replay->context->json || !replay->context->quiet)
		pm_summary_print(&replay->summary, replay->context->json);
	if (is_interrupted) {
		g_printerr("patchmail: interrupted after %" G_GUINT64_FORMAT
			   " mails; run the same command again to go on, what is stored "
			   "is known\n",
			   replay->summary.mails);
		return EX_TEMPFAIL;
	}
	if (!is_done) {
		g_printerr("patchmail: %s; stopped after %" G_GUINT64_FORMAT
			   " mails, run the same command again to go on\n",
			   error->message, replay->summary.mails);
		return pm_error_exit_status(error);
	}
	return replay->input_errors > 0 ? EX_DATAERR : EX_OK;
}

static void
fill_options(const PmContext *context, PmIngestOptions *options, const char *list_id,
	     int jobs)
{
	pm_ingest_options_init(options);
	options->list_id = list_id;
	options->batch_messages =
		(guint)pm_config_number(context->config, "ingest", "batch-messages");
	options->batch_bytes =
		(size_t)pm_config_number(context->config, "ingest", "batch-bytes");
	options->memory = (size_t)pm_config_number(context->config, "ingest", "memory");
	if (jobs > 0)
		options->readers = (guint)jobs;
}

static int
replay_paths(PmContext *context, const char *const *paths, PmSourceFormat format,
	     const PmIngestOptions *options, gboolean dry_run)
{
	size_t limit =
		(size_t)pm_config_number(context->config, "lmtp", "max-message-size");
	PmReplay replay = {.context = context};
	g_autoptr(GError) error = NULL;
	g_autoptr(PmStore) store = pm_context_open_store(context, &error);
	g_autoptr(PmCatalog) catalog = store ? pm_store_catalog(store, 0, &error) : NULL;

	if (catalog == NULL)
		return pm_command_fail(error);
	g_autoptr(PmSource) source = pm_source_new(paths, format, limit);
	pm_mail_init();
	g_mutex_init(&replay.lock);
	replay.places = g_hash_table_new_full(NULL, NULL, free_place, NULL);
	pm_summary_init(&replay.summary);
	pm_progress_init(&replay.progress, !context->quiet && !context->verbose);
	catch_interrupts();
	replay.source = source;
	replay.ingest =
		pm_ingest_new(dry_run ? NULL : store, catalog, options, count, &replay);
	gboolean is_done = push_all(&replay, &error);
	if (is_interrupted)
		pm_ingest_cancel(replay.ingest);
	if (is_done)
		is_done = pm_ingest_finish(replay.ingest, &error);
	pm_ingest_free(replay.ingest);
	/* Housekeeping; what fails now is done the next time. */
	if (is_done && !dry_run)
		(void)pm_store_expire(store, NULL);
	int status = finish(&replay, is_done, error);
	pm_summary_clear(&replay.summary);
	g_hash_table_unref(replay.places);
	g_mutex_clear(&replay.lock);
	return status;
}

int
pm_command_replay(PmContext *context, int argc, char **argv)
{
	g_autofree char *list_id = NULL, *format_name = NULL;
	gboolean dry_run = FALSE, update = FALSE;
	int jobs = 0;
	const GOptionEntry entries[] = {
		{"list-id", 0, 0, G_OPTION_ARG_STRING, &list_id,
		 "Take all mails as of this list", "ID"},
		{"format", 0, 0, G_OPTION_ARG_STRING, &format_name,
		 "auto, mbox, mboxo, mboxrd, maildir or eml", "FORMAT"},
		{"jobs", 'j', 0, G_OPTION_ARG_INT, &jobs, "Threads that read mails (1)",
		 "N"},
		{"dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run,
		 "Read and classify, store nothing", NULL},
		{"update", 'u', 0, G_OPTION_ARG_NONE, &update,
		 "Store nothing new; update the rows of mails that are known", NULL},
		G_OPTION_ENTRY_NULL,
	};
	PmSourceFormat format = PM_SOURCE_AUTO;
	PmIngestOptions options;
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(
		    context, entries, "PATH… | -",
		    "Example:\n  patchmail replay --list-id dev.example.org "
		    "dev.mbox.gz maildir/\n  gzip -dc dev.mbox.gz | patchmail replay -",
		    &argc, &argv, &error))
		return pm_command_fail(error);
	if (argc < 2)
		return pm_command_usage("no archive given");
	if (jobs < 0 || jobs > 64)
		return pm_command_usage("--jobs takes 1 to 64");
	if (format_name != NULL && !pm_source_format_parse(format_name, &format))
		return pm_command_usage("unknown --format");
	if (update)
		return pm_refresh_archives(context, (const char *const *)argv + 1, format,
					   list_id, dry_run);
	fill_options(context, &options, list_id, jobs);
	return replay_paths(context, (const char *const *)argv + 1, format, &options,
			    dry_run);
}
