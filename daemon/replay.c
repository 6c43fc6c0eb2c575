/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/replay.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "daemon/progress.h"
#include "lib/error.h"

/*
 * Archives through the spine. The main thread reads the archive, the ingest does the
 * rest; what it reports is counted under a lock, since it reports from its writer.
 */

typedef struct {
	PmContext *context;
	PmSource *source;
	PmIngest *ingest;
	const PmReplayOptions *options;
	PmProgress progress;
	GHashTable *ends;   /* source -> position: read to its end */
	GMutex lock;	    /* of what follows */
	GHashTable *places; /* set of PmPlace: mails on their way */
	PmReplayResult *result;
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

static gint is_interrupted; /* atomic: a signal sets it in any thread */
static int interrupt_pipe[2] = {-1, -1};

static void
note_interrupt(int signal)
{
	int reason = errno;

	(void)signal;
	g_atomic_int_set(&is_interrupted, 1);
	/* Nobody reads it; that it can be read wakes who waits. */
	(void)!write(interrupt_pipe[1], "", 1);
	errno = reason;
}

void
pm_replay_catch_interrupts(void)
{
	/* A second Ctrl-C ends the program at once. */
	struct sigaction action = {.sa_handler = note_interrupt,
				   .sa_flags = SA_RESETHAND};

	if (pipe2(interrupt_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		g_error("could not make a pipe: %s", g_strerror(errno));
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	/* A git that died is noticed by what writing to it returns. */
	(void)signal(SIGPIPE, SIG_IGN);
}

int
pm_replay_interrupt_fd(void)
{
	return interrupt_pipe[0];
}

gboolean
pm_replay_is_interrupted(void)
{
	return g_atomic_int_get(&is_interrupted) != 0;
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

	pm_summary_add(&replay->result->summary, entry);
	if (replay->context->verbose)
		report_verbose(replay, entry, place);
	else if (entry->outcome == PM_OUTCOME_QUARANTINED && !replay->context->quiet)
		report_quarantined(replay, entry, place);
	if (pm_replay_is_interrupted())
		pm_ingest_cancel(replay->ingest);
	g_hash_table_remove(replay->places, tag);
}

static void
show_progress(PmReplay *replay)
{
	guint64 done = 0, total = 0;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&replay->lock);

	pm_source_progress(replay->source, &done, &total);
	pm_progress_update(&replay->progress, replay->result->summary.mails, done, total);
}

static void
report_input_error(PmReplay *replay, const GError *error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&replay->lock);

	replay->result->input_errors++;
	pm_progress_wipe(&replay->progress);
	g_printerr("patchmail: %s, continuing\n", error->message);
}

static void
report_rewritten(PmReplay *replay, const PmSourceNotice *notice)
{
	replay->result->n_rewritten++;
	if (replay->context->quiet)
		return;
	pm_progress_wipe(&replay->progress);
	g_printerr("patchmail: %s: its history was rewritten, commit %.12s is gone "
		   "(a purge or an edit); reading it from the beginning, what is stored "
		   "stays as it is\n",
		   notice->path, notice->commit);
}

/* Called by the source, in the main thread. */
static void
take_notice(const PmSourceNotice *notice, gpointer user_data)
{
	PmReplay *replay = user_data;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&replay->lock);

	switch (notice->kind) {
	case PM_NOTICE_REWRITTEN:
		report_rewritten(replay, notice);
		break;
	case PM_NOTICE_DELETED:
		replay->result->n_deleted++;
		if (!replay->context->verbose)
			break;
		pm_progress_wipe(&replay->progress);
		g_printerr("%s@%.12s deletes a mail, which is kept here\n", notice->path,
			   notice->commit);
		break;
	case PM_NOTICE_END:
		g_hash_table_replace(replay->ends, g_strdup(notice->key),
				     g_strdup(notice->commit));
		break;
	}
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
	while (!pm_replay_is_interrupted()) {
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
		if (!pm_ingest_push_at(replay->ingest, mail->bytes, size, mail->key,
				       mail->position, place, error))
			return FALSE;
		show_progress(replay);
	}
	return TRUE;
}

/* All that was read is stored: so far they need not be read again. */
static gboolean
remember_ends(PmReplay *replay, PmStore *store, GHashTable *positions, GError **error)
{
	GHashTableIter iter;
	gpointer key = NULL, position = NULL;

	if (replay->options->dry_run)
		return TRUE;
	g_hash_table_iter_init(&iter, replay->ends);
	while (g_hash_table_iter_next(&iter, &key, &position)) {
		if (g_strcmp0(g_hash_table_lookup(positions, key), position) == 0)
			continue;
		if (!pm_store_set_position(store, key, position, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
run_ingest(PmReplay *replay, PmStore *store, PmCatalog *catalog, GError **error)
{
	replay->ingest = pm_ingest_new(replay->options->dry_run ? NULL : store, catalog,
				       &replay->options->ingest, count, replay);
	gboolean is_done = push_all(replay, error);
	if (pm_replay_is_interrupted())
		pm_ingest_cancel(replay->ingest);
	if (is_done)
		is_done = pm_ingest_finish(replay->ingest, error);
	pm_ingest_free(replay->ingest);
	pm_progress_wipe(&replay->progress);
	return is_done && !pm_replay_is_interrupted();
}

/* A list that no project has would make all mails ignored, and the archive read. */
static gboolean
check_list(const PmCatalog *catalog, const char *list_id, GError **error)
{
	g_autoptr(GString) known = g_string_new(NULL);
	guint n = 0;
	const PmProject *const *projects = pm_catalog_projects(catalog, &n);

	if (list_id == NULL)
		return TRUE;
	for (guint i = 0; i < n; i++) {
		if (g_str_equal(projects[i]->list_id, list_id))
			return TRUE;
		g_string_append_printf(known, "%s%s", i > 0 ? ", " : "",
				       projects[i]->list_id);
	}
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_USAGE,
		    "no project has the list id \"%s\"; %s%s; \"patchmail project add\" "
		    "makes "
		    "one",
		    list_id, n > 0 ? "there are " : "there is no project yet",
		    known->str);
	return FALSE;
}

static gboolean
replay_paths(PmReplay *replay, const char *const *paths, GError **error)
{
	size_t limit = (size_t)pm_config_number(replay->context->config, "lmtp",
						"max-message-size");
	g_autoptr(PmStore) store = pm_context_open_store(replay->context, error);
	g_autoptr(PmCatalog) catalog = store ? pm_store_catalog(store, 0, error) : NULL;
	g_autoptr(GHashTable) positions =
		catalog ? pm_store_positions(store, error) : NULL;

	if (positions == NULL ||
	    !check_list(catalog, replay->options->ingest.list_id, error))
		return FALSE;
	PmSourceFeed feed = {
		.positions = positions,
		.label = replay->options->ingest.list_id,
		.since = replay->options->since,
		.is_all = replay->options->is_all,
		.notice = take_notice,
		.user_data = replay,
	};
	g_autoptr(PmSource) source = pm_source_new(paths, replay->options->format, limit);
	pm_source_set_feed(source, &feed);
	replay->source = source;
	if (!run_ingest(replay, store, catalog, error) ||
	    !remember_ends(replay, store, positions, error))
		return FALSE;
	/* Housekeeping; what fails now is done the next time. */
	if (!replay->options->dry_run)
		(void)pm_store_expire(store, NULL);
	return TRUE;
}

void
pm_replay_run(PmContext *context, const char *const *paths,
	      const PmReplayOptions *options, PmReplayResult *result_out)
{
	PmReplay replay = {.context = context, .options = options, .result = result_out};

	*result_out = (PmReplayResult){0};
	pm_mail_init();
	g_mutex_init(&replay.lock);
	replay.places = g_hash_table_new_full(NULL, NULL, free_place, NULL);
	replay.ends = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	pm_summary_init(&result_out->summary);
	pm_progress_init(&replay.progress, !context->quiet && !context->verbose);
	result_out->is_done = replay_paths(&replay, paths, &result_out->error);
	g_hash_table_unref(replay.places);
	g_hash_table_unref(replay.ends);
	g_mutex_clear(&replay.lock);
}

void
pm_replay_result_clear(PmReplayResult *result)
{
	pm_summary_clear(&result->summary);
	g_clear_error(&result->error);
}

void
pm_replay_options_init(PmReplayOptions *options, const PmContext *context,
		       const char *list_id, int jobs)
{
	PmIngestOptions *ingest = &options->ingest;

	*options = (PmReplayOptions){.format = PM_SOURCE_AUTO};
	pm_ingest_options_init(ingest);
	ingest->list_id = list_id;
	ingest->batch_messages =
		(guint)pm_config_number(context->config, "ingest", "batch-messages");
	ingest->batch_bytes =
		(size_t)pm_config_number(context->config, "ingest", "batch-bytes");
	ingest->memory = (size_t)pm_config_number(context->config, "ingest", "memory");
	if (jobs > 0)
		ingest->readers = (guint)jobs;
}
