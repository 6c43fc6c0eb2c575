/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/writer.h"

#include "lib/error.h"
#include "lib/writejob.h"

/*
 * One mutex guards the queue and the catalog. The store belongs to whoever leads: of the
 * threads that wait for a mail the first leads and stores what all have handed in, then
 * passes the lead on to one whose mail came meanwhile. So a mail alone is stored by the
 * thread that brought it, with no switch to another, which would cost as much as
 * a round trip to the server. The thread of the writer itself leads only to read the
 * catalog, to connect again, and to count.
 *
 * Each job has a mutex of its own: were they all woken under the one of the writer, they
 * would queue for it, and the next leader among them. That one is called first, since the
 * server has nothing to do until it has begun.
 */

enum {
	/* Seconds: how old the catalog may get while mails come. */
	CATALOG_AGE = 5,
	/* Milliseconds, not to connect again: after the second failure in a row, and at most. */
	BACKOFF_MIN = 50,
	BACKOFF_MAX = 30000,
	/* Seconds after which the thread looks whether to connect, while nobody brings mail. */
	CONNECT_INTERVAL = 1,
	/* Between two counts of what is held and quarantined. */
	COUNT_INTERVAL = 60,
};

struct PmWriter {
	PmWriterReport report;
	GThread *thread;

	PmStore *store; /* the leader's, as what follows */
	PmStoreOptions store_options;
	PmSuspects *suspects;
	gint64 retry_at; /* monotonic microseconds; 0: at once */
	int backoff;
	gboolean was_connected;
	gboolean has_worked; /* since the last failure */
	GError *failure;     /* why there is no connection */
	gint64 count_at;     /* the thread's: when to count next */

	GMutex lock; /* of what follows */
	PmWriterOptions options;
	gboolean is_changed;	     /* the options */
	GCond has_work;		     /* for the thread */
	GCond has_news;		     /* for who waits for a catalog */
	gboolean is_led, wants_lead; /* by anyone; the thread */
	GQueue jobs;		     /* of PmWriteJob, referenced */
	guint n_mails;
	size_t n_bytes;
	PmCatalog *catalog;
	GError *catalog_error;	  /* why there is none */
	gint64 catalog_read;	  /* monotonic microseconds */
	guint64 n_wanted, n_read; /* readings of the catalog asked for, and done */
	gboolean is_ending, is_connected;
	gint64 busy_since; /* 0: nobody leads */
};

/*
 * A connection that failed is not believed again. The next one is tried at once where
 * this one had worked: most often only it was ended, and the server is well.
 */
static void
clear_store(PmWriter *writer, const GError *why)
{
	g_clear_pointer(&writer->store, pm_store_free);
	g_clear_error(&writer->failure);
	writer->failure = g_error_copy(why);
	if (writer->report.lost != NULL)
		writer->report.lost(why, writer->report.user_data);
	writer->retry_at = 0;
	if (!writer->has_worked) {
		writer->backoff = CLAMP(writer->backoff * 2, BACKOFF_MIN, BACKOFF_MAX);
		writer->retry_at = g_get_monotonic_time() +
				   writer->backoff * G_TIME_SPAN_MILLISECOND;
	}
	writer->has_worked = FALSE;
}

static void
note_success(PmWriter *writer)
{
	writer->has_worked = TRUE;
	writer->backoff = 0;
}

/* Connects where that is due; while it is not, says at once what failed last. */
static gboolean
ensure_store(PmWriter *writer, GError **error)
{
	g_autoptr(GError) failure = NULL;

	if (writer->store != NULL)
		return TRUE;
	if (g_get_monotonic_time() < writer->retry_at) {
		g_propagate_error(error, g_error_copy(writer->failure));
		return FALSE;
	}
	writer->store = pm_store_new(&writer->store_options, &failure);
	if (writer->store == NULL) {
		clear_store(writer, failure);
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	if (writer->report.connected != NULL)
		writer->report.connected(writer->was_connected, writer->report.user_data);
	writer->was_connected = TRUE;
	return TRUE;
}

/* Called without the lock, by the thread while it leads. */
static void
read_catalog(PmWriter *writer)
{
	g_autoptr(GError) error = NULL;
	PmCatalog *catalog = NULL;

	g_mutex_lock(&writer->lock);
	/* What is asked for from now on needs another reading. */
	guint64 n_wanted = writer->n_wanted;
	g_mutex_unlock(&writer->lock);
	if (ensure_store(writer, &error))
		catalog = pm_store_catalog(writer->store, 0, &error);
	if (catalog == NULL && writer->store != NULL)
		clear_store(writer, error);

	g_mutex_lock(&writer->lock);
	g_clear_pointer(&writer->catalog, pm_catalog_unref);
	g_clear_error(&writer->catalog_error);
	writer->catalog = catalog;
	writer->catalog_error = g_steal_pointer(&error);
	writer->catalog_read = g_get_monotonic_time();
	writer->n_read = n_wanted;
	writer->is_connected = catalog != NULL;
	g_cond_broadcast(&writer->has_news);
	g_mutex_unlock(&writer->lock);
}

/* All that waits, up to a batch; a job is never split. With the lock held. */
static GPtrArray *
take_jobs(PmWriter *writer)
{
	GPtrArray *jobs =
		g_ptr_array_new_with_free_func((GDestroyNotify)pm_write_job_unref);
	guint mails = 0;
	size_t bytes = 0;

	while (writer->jobs.length > 0) {
		PmWriteJob *job = g_queue_peek_head(&writer->jobs);

		if (jobs->len > 0 && (mails + job->n > writer->options.batch_messages ||
				      bytes + job->bytes > writer->options.batch_bytes))
			break;
		mails += job->n;
		bytes += job->bytes;
		g_ptr_array_add(jobs, g_queue_pop_head(&writer->jobs));
	}
	writer->n_mails -= mails;
	writer->n_bytes -= bytes;
	return jobs;
}

static void
report_batch(PmWriter *writer, guint mails, gint64 usec, const GError *error)
{
	if (error == NULL && writer->report.stored != NULL)
		writer->report.stored(mails, usec, writer->report.user_data);
	if (error != NULL && writer->report.failed != NULL)
		writer->report.failed(error, mails, writer->report.user_data);
}

static gboolean
write_entries(PmWriter *writer, GPtrArray *entries, GError **error)
{
	return ensure_store(writer, error) &&
	       pm_store_write(writer->store, (PmEntry **)entries->pdata, entries->len,
			      error);
}

/* Whether nothing is wrong but that a connection that had worked was ended before COMMIT. */
static gboolean
was_only_cut(const PmWriter *writer, GPtrArray *entries, const GError *failure)
{
	if (writer->store == NULL || !writer->has_worked ||
	    pm_pg_is_alive(pm_store_pg(writer->store)) ||
	    !g_error_matches(failure, PM_ERROR, PM_ERROR_TEMPORARY_DATABASE))
		return FALSE;
	for (guint i = 0; i < entries->len; i++)
		if (((PmEntry *)entries->pdata[i])->outcome != PM_OUTCOME_NONE)
			return FALSE;
	return TRUE;
}

static void
store_jobs(PmWriter *writer, GPtrArray *jobs, GError **error)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new();
	g_autoptr(GError) failure = NULL;
	gint64 start = g_get_monotonic_time();

	for (guint i = 0; i < jobs->len; i++) {
		PmWriteJob *job = g_ptr_array_index(jobs, i);

		for (guint k = 0; k < job->n; k++)
			g_ptr_array_add(entries, job->entries[k]);
	}
	gboolean is_stored = write_entries(writer, entries, &failure);
	if (!is_stored && was_only_cut(writer, entries, failure)) {
		clear_store(writer, failure);
		g_clear_error(&failure);
		is_stored = write_entries(writer, entries, &failure);
	}
	report_batch(writer, entries->len, g_get_monotonic_time() - start, failure);
	if (is_stored) {
		note_success(writer);
		return;
	}
	if (writer->store != NULL)
		clear_store(writer, failure);
	g_propagate_error(error, g_steal_pointer(&failure));
}

/* With the lock held. The thread goes before the mails: it seldom wants to. */
static void
take_lead(PmWriter *writer)
{
	writer->is_led = TRUE;
	writer->busy_since = g_get_monotonic_time();
	if (!writer->is_changed)
		return;
	writer->is_changed = FALSE;
	writer->store_options = writer->options.store;
	writer->store_options.suspects = writer->suspects;
	writer->retry_at = 0;
	g_clear_pointer(&writer->store, pm_store_free);
}

/* Whose job is to be called to lead, where there is one; it leads already. With the lock held.
 * (transfer full) */
static PmWriteJob *
pass_lead(PmWriter *writer)
{
	PmWriteJob *next = g_queue_peek_head(&writer->jobs);

	writer->is_led = FALSE;
	writer->busy_since = 0;
	if (writer->wants_lead) {
		g_cond_signal(&writer->has_work);
		return NULL;
	}
	if (next == NULL)
		return NULL;
	take_lead(writer);
	return g_atomic_rc_box_acquire(next);
}

/* A catalog that mails use must not grow old; without one there is nothing to do but
 * to ask for it. With the lock held. */
static void
ask_for_catalog(PmWriter *writer)
{
	gint64 age = g_get_monotonic_time() - writer->catalog_read;

	if (writer->n_wanted != writer->n_read || age <= CATALOG_AGE * G_USEC_PER_SEC)
		return;
	writer->n_wanted++;
	g_cond_signal(&writer->has_work);
}

/* One batch, by a thread that has the lead, and passes it on. */
static void
lead(PmWriter *writer)
{
	g_autoptr(GError) error = NULL;

	g_mutex_lock(&writer->lock);
	g_autoptr(GPtrArray) jobs = take_jobs(writer);
	g_mutex_unlock(&writer->lock);
	store_jobs(writer, jobs, &error);
	g_mutex_lock(&writer->lock);
	writer->is_connected = error == NULL;
	ask_for_catalog(writer);
	if (error != NULL)
		g_cond_signal(&writer->has_work);
	PmWriteJob *next = pass_lead(writer);
	g_mutex_unlock(&writer->lock);
	pm_write_job_pass_lead(next);
	for (guint i = 0; i < jobs->len; i++) {
		PmWriteJob *job = g_ptr_array_index(jobs, i);

		job->error = error ? g_error_copy(error) : NULL;
		pm_write_job_call(job, PM_JOB_DONE);
	}
}

static gboolean
has_work(const PmWriter *writer)
{
	return writer->n_wanted != writer->n_read || writer->is_ending;
}

/* When the thread has something to do though nobody asks. */
static gint64
next_due(const PmWriter *writer)
{
	if (writer->is_connected)
		return writer->count_at;
	return g_get_monotonic_time() + CONNECT_INTERVAL * G_USEC_PER_SEC;
}

/*
 * Waits for work and then for the lead. While there is no connection, to try for one
 * is work, too; with one it is to count now and then.
 */
static void
wait_for_work(PmWriter *writer)
{
	while (!has_work(writer))
		if (!g_cond_wait_until(&writer->has_work, &writer->lock,
				       next_due(writer)))
			break;
	writer->wants_lead = TRUE;
	while (writer->is_led)
		g_cond_wait(&writer->has_work, &writer->lock);
	writer->wants_lead = FALSE;
}

static void
report_counts(PmWriter *writer, const PmStoreCounts *counts)
{
	note_success(writer);
	if (writer->report.counted != NULL)
		writer->report.counted(counts, writer->report.user_data);
}

static void
count_waiting(PmWriter *writer)
{
	g_autoptr(GError) error = NULL;
	PmStoreCounts counts = {0};

	if (g_get_monotonic_time() < writer->count_at || writer->store == NULL)
		return;
	writer->count_at = g_get_monotonic_time() + COUNT_INTERVAL * G_USEC_PER_SEC;
	if (!pm_store_count(writer->store, &counts, &error))
		clear_store(writer, error);
	else
		report_counts(writer, &counts);
}

static gpointer
run_writer(gpointer data)
{
	PmWriter *writer = data;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&writer->lock);

	for (;;) {
		wait_for_work(writer);
		if (writer->is_ending)
			return NULL;
		take_lead(writer);
		g_mutex_unlock(&writer->lock);
		read_catalog(writer);
		count_waiting(writer);
		g_mutex_lock(&writer->lock);
		PmWriteJob *next = pass_lead(writer);
		g_mutex_unlock(&writer->lock);
		pm_write_job_pass_lead(next);
		g_mutex_lock(&writer->lock);
	}
}

PmWriter *
pm_writer_new(const PmWriterOptions *options, const PmWriterReport *report)
{
	PmWriter *writer = g_new0(PmWriter, 1);

	if (report != NULL)
		writer->report = *report;
	g_mutex_init(&writer->lock);
	g_cond_init(&writer->has_work);
	g_cond_init(&writer->has_news);
	g_queue_init(&writer->jobs);
	writer->suspects = pm_suspects_new();
	pm_writer_configure(writer, options);
	writer->thread = g_thread_new("writer", run_writer, writer);
	return writer;
}

void
pm_writer_free(PmWriter *writer)
{
	if (writer == NULL)
		return;
	g_mutex_lock(&writer->lock);
	writer->is_ending = TRUE;
	g_cond_signal(&writer->has_work);
	g_mutex_unlock(&writer->lock);
	g_thread_join(writer->thread);
	pm_store_free(writer->store);
	pm_suspects_free(writer->suspects);
	pm_catalog_unref(writer->catalog);
	g_clear_error(&writer->catalog_error);
	g_clear_error(&writer->failure);
	g_mutex_clear(&writer->lock);
	g_cond_clear(&writer->has_work);
	g_cond_clear(&writer->has_news);
	g_free(writer);
}

PmCatalog *
pm_writer_catalog(PmWriter *writer, GError **error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&writer->lock);

	if (writer->catalog == NULL && writer->n_wanted == writer->n_read) {
		writer->n_wanted++;
		g_cond_signal(&writer->has_work);
	}
	guint64 n_wanted = writer->n_wanted;
	while (writer->n_read < n_wanted)
		g_cond_wait(&writer->has_news, &writer->lock);
	if (writer->catalog != NULL)
		return pm_catalog_ref(writer->catalog);
	g_propagate_error(error, g_error_copy(writer->catalog_error));
	return NULL;
}

void
pm_writer_configure(PmWriter *writer, const PmWriterOptions *options)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&writer->lock);

	writer->options = *options;
	writer->options.store.conninfo = g_intern_string(options->store.conninfo);
	writer->options.store.time_zone = g_intern_string(options->store.time_zone);
	writer->options.store.is_lasting = TRUE;
	writer->is_changed = TRUE;
	writer->n_wanted++;
	g_cond_signal(&writer->has_work);
}

gboolean
pm_writer_store(PmWriter *writer, PmEntry **entries, guint n, GError **error)
{
	PmWriteJob *job = pm_write_job_new(entries, n);

	g_mutex_lock(&writer->lock);
	g_queue_push_tail(&writer->jobs, g_atomic_rc_box_acquire(job));
	writer->n_mails += n;
	writer->n_bytes += job->bytes;
	if (!writer->is_led && !writer->wants_lead) {
		take_lead(writer);
		job->state = PM_JOB_LEADS;
	}
	g_mutex_unlock(&writer->lock);
	if (pm_write_job_wait(job) == PM_JOB_LEADS)
		lead(writer);
	GError *failure = job->error;
	pm_write_job_unref(job);
	if (failure == NULL)
		return TRUE;
	g_propagate_error(error, failure);
	return FALSE;
}

gboolean
pm_writer_makes_progress(PmWriter *writer, int seconds)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&writer->lock);

	return writer->busy_since == 0 ||
	       g_get_monotonic_time() - writer->busy_since < seconds * G_USEC_PER_SEC;
}

gboolean
pm_writer_is_connected(PmWriter *writer)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&writer->lock);

	return writer->is_connected;
}

void
pm_writer_queue(PmWriter *writer, guint *mails_out, size_t *bytes_out)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&writer->lock);

	*mails_out = writer->n_mails;
	*bytes_out = writer->n_bytes;
}
