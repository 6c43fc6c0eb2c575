/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/ingest.h"

#include <pthread.h>

#include "lib/error.h"
#include "lib/pace.h"

/*
 * One mutex guards the queue. Jobs keep their place in it from push to done; readers take
 * the first that nobody reads yet, the writer takes from the head as far as
 * jobs have been read. Readers have large stacks, since GMime's depends on what
 * strangers write.
 */

typedef struct {
	GBytes *bytes;
	guint64 size;
	char *source, *position; /* or NULL */
	gpointer tag;
	PmEntry *entry;
	gboolean is_taken; /* by a reader */
} PmJob;

struct PmIngest {
	PmStore *store;
	PmCatalog *catalog;
	PmIngestOptions options;
	char *list_id;
	PmIngestDone done;
	gpointer user_data;

	GMutex lock;
	GCond has_work; /* readers: a job waits */
	GCond has_read; /* writer: the head was read, or the end came */
	GCond has_room; /* push and finish: bytes were freed, or all is done */
	GQueue jobs;	/* of PmJob, in order */
	GList *next_unread;
	size_t bytes;
	PmPace pace;	  /* the writer's: mails in a batch */
	guint more_than;  /* mails must be in the next batch; 0: what is ready will do */
	gboolean is_full; /* somebody waits for room */
	gboolean is_ending, is_cancelled;
	GError *failure;
	pthread_t *threads; /* readers, then the writer */
	guint n_threads;
};

void
pm_ingest_options_init(PmIngestOptions *options)
{
	*options = (PmIngestOptions){
		.readers = 1,
		.batch_messages = 256,
		.batch_bytes = 2 * 1024 * 1024,
		.memory = 4 * 1024 * 1024,
	};
}

static void
free_job(gpointer data)
{
	PmJob *job = data;

	g_clear_pointer(&job->bytes, g_bytes_unref);
	pm_entry_free(job->entry);
	g_free(job->source);
	g_free(job->position);
	g_free(job);
}

/* The next job to read, or NULL at the end. Called and returns with the lock held. */
static PmJob *
take_unread(PmIngest *ingest)
{
	while (ingest->next_unread == NULL && !ingest->is_ending && !ingest->is_cancelled)
		g_cond_wait(&ingest->has_work, &ingest->lock);
	if (ingest->next_unread == NULL || ingest->is_cancelled)
		return NULL;
	PmJob *job = ingest->next_unread->data;
	ingest->next_unread = ingest->next_unread->next;
	job->is_taken = TRUE;
	return job;
}

static void *
run_reader(void *data)
{
	PmIngest *ingest = data;
	PmJob *job;

	g_mutex_lock(&ingest->lock);
	while ((job = take_unread(ingest)) != NULL) {
		g_mutex_unlock(&ingest->lock);
		PmEntry *entry = pm_entry_read(job->bytes, job->size, ingest->catalog,
					       ingest->list_id);
		entry->source = g_steal_pointer(&job->source);
		entry->position = g_steal_pointer(&job->position);
		g_mutex_lock(&ingest->lock);
		job->entry = entry;
		g_cond_signal(&ingest->has_read);
	}
	g_mutex_unlock(&ingest->lock);
	return NULL;
}

static gboolean
is_head_read(PmIngest *ingest)
{
	PmJob *job = g_queue_peek_head(&ingest->jobs);

	return job != NULL && job->entry != NULL;
}

/* Whether the batch that failed can be tried again with more mails, or never will. */
static gboolean
is_enough(PmIngest *ingest)
{
	guint n = 0;

	if (ingest->more_than == 0 || ingest->is_full)
		return TRUE;
	for (GList *link = ingest->jobs.head; link != NULL; link = link->next, n++)
		if (((PmJob *)link->data)->entry == NULL)
			return n > ingest->more_than;
	return n > ingest->more_than || ingest->is_ending;
}

/* All that is ready, up to a batch; empty at the end. The jobs stay in the queue. */
static GPtrArray *
take_batch(PmIngest *ingest)
{
	GPtrArray *batch = g_ptr_array_new();
	guint limit = MAX(ingest->pace.limit, ingest->more_than + 1);
	size_t bytes = 0;

	while ((!is_head_read(ingest) || !is_enough(ingest)) && !ingest->is_cancelled &&
	       !(ingest->is_ending && ingest->jobs.length == 0))
		g_cond_wait(&ingest->has_read, &ingest->lock);
	if (ingest->is_cancelled)
		return batch;
	for (GList *link = ingest->jobs.head; link != NULL; link = link->next) {
		PmJob *job = link->data;

		if (job->entry == NULL || batch->len >= limit)
			break;
		bytes += g_bytes_get_size(job->bytes);
		if (batch->len > 0 && bytes > ingest->options.batch_bytes)
			break;
		g_ptr_array_add(batch, job->entry);
	}
	return batch;
}

static PmOutcome
outcome_without_store(const PmEntry *entry)
{
	if (entry->mail == NULL)
		return PM_OUTCOME_QUARANTINED;
	if (entry->item == NULL)
		return PM_OUTCOME_IGNORED;
	switch (entry->item->kind) {
	case PM_KIND_PATCH:
		return PM_OUTCOME_PATCH;
	case PM_KIND_COVER:
		return PM_OUTCOME_COVER;
	case PM_KIND_COMMENT:
		return PM_OUTCOME_COMMENT;
	case PM_KIND_IGNORED:
		return PM_OUTCOME_IGNORED;
	case PM_KIND_INVALID:
		break;
	}
	return PM_OUTCOME_QUARANTINED;
}

static gboolean
store_batch(PmIngest *ingest, GPtrArray *batch, GError **error)
{
	gint64 start = g_get_monotonic_time();

	if (!pm_store_write(ingest->store, (PmEntry **)batch->pdata, batch->len, error))
		return FALSE;
	pm_pace_note(&ingest->pace, batch->len, g_get_monotonic_time() - start);
	return TRUE;
}

static gboolean
write_batch(PmIngest *ingest, GPtrArray *batch, GError **error)
{
	if (ingest->store != NULL)
		return store_batch(ingest, batch, error);
	for (guint i = 0; i < batch->len; i++) {
		PmEntry *entry = g_ptr_array_index(batch, i);

		entry->outcome = outcome_without_store(entry);
	}
	return TRUE;
}

/* Called with the lock held; gives it up while it reports. */
static void
finish_batch(PmIngest *ingest, guint n)
{
	g_autoptr(GPtrArray) finished = g_ptr_array_new_with_free_func(free_job);

	for (guint i = 0; i < n; i++)
		g_ptr_array_add(finished, g_queue_pop_head(&ingest->jobs));
	g_mutex_unlock(&ingest->lock);
	for (guint i = 0; i < n; i++) {
		const PmJob *job = g_ptr_array_index(finished, i);

		ingest->done(job->entry, job->tag, ingest->user_data);
	}
	g_mutex_lock(&ingest->lock);
	for (guint i = 0; i < n; i++)
		ingest->bytes -= g_bytes_get_size(((PmJob *)finished->pdata[i])->bytes);
	g_cond_broadcast(&ingest->has_room);
}

/*
 * What is at fault, a mail or the database, is seen only where another mail is stored: with a few
 * more it is tried again. Called with the lock held.
 */
static gboolean
may_try_with_more(PmIngest *ingest, guint n, const GError *error)
{
	enum { ENOUGH = 16 };
	gboolean is_larger = n > ingest->more_than && n < ENOUGH;

	if (!is_larger || !g_error_matches(error, PM_ERROR, PM_ERROR_PERMANENT_BUG))
		return FALSE;
	ingest->more_than = n;
	return TRUE;
}

static void *
run_writer(void *data)
{
	PmIngest *ingest = data;

	g_mutex_lock(&ingest->lock);
	while (ingest->failure == NULL) {
		g_autoptr(GPtrArray) batch = take_batch(ingest);
		g_autoptr(GError) error = NULL;

		if (batch->len == 0)
			break;
		g_mutex_unlock(&ingest->lock);
		gboolean is_written = write_batch(ingest, batch, &error);
		g_mutex_lock(&ingest->lock);
		if (is_written) {
			ingest->more_than = 0;
			finish_batch(ingest, batch->len);
		} else if (!may_try_with_more(ingest, batch->len, error))
			ingest->failure = g_steal_pointer(&error);
	}
	ingest->is_cancelled = TRUE;
	g_cond_broadcast(&ingest->has_work);
	g_cond_broadcast(&ingest->has_room);
	g_mutex_unlock(&ingest->lock);
	return NULL;
}

static void
start_thread(PmIngest *ingest, void *(*run)(void *))
{
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, PM_MAIL_STACK_SIZE);
	if (pthread_create(&ingest->threads[ingest->n_threads], &attributes, run,
			   ingest) != 0)
		g_error("could not start a thread");
	ingest->n_threads++;
	pthread_attr_destroy(&attributes);
}

PmIngest *
pm_ingest_new(PmStore *store, PmCatalog *catalog, const PmIngestOptions *options,
	      PmIngestDone done, gpointer user_data)
{
	PmIngest *ingest = g_new0(PmIngest, 1);

	ingest->store = store;
	ingest->catalog = catalog;
	ingest->options = *options;
	pm_pace_init(&ingest->pace, options->batch_messages);
	ingest->list_id = g_strdup(options->list_id);
	ingest->done = done;
	ingest->user_data = user_data;
	g_mutex_init(&ingest->lock);
	g_cond_init(&ingest->has_work);
	g_cond_init(&ingest->has_read);
	g_cond_init(&ingest->has_room);
	g_queue_init(&ingest->jobs);
	ingest->threads = g_new0(pthread_t, options->readers + 1);
	for (guint i = 0; i < options->readers; i++)
		start_thread(ingest, run_reader);
	start_thread(ingest, run_writer);
	return ingest;
}

gboolean
pm_ingest_push(PmIngest *ingest, GBytes *bytes, guint64 size, gpointer tag,
	       GError **error)
{
	return pm_ingest_push_at(ingest, bytes, size, NULL, NULL, tag, error);
}

gboolean
pm_ingest_push_at(PmIngest *ingest, GBytes *bytes, guint64 size, const char *source,
		  const char *position, gpointer tag, GError **error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&ingest->lock);
	size_t len = g_bytes_get_size(bytes);

	while (ingest->bytes > 0 && ingest->bytes + len > ingest->options.memory &&
	       !ingest->is_cancelled) {
		ingest->is_full = TRUE;
		g_cond_signal(&ingest->has_read);
		g_cond_wait(&ingest->has_room, &ingest->lock);
	}
	ingest->is_full = FALSE;
	if (ingest->failure != NULL) {
		g_propagate_error(error, g_error_copy(ingest->failure));
		return FALSE;
	}
	PmJob *job = g_new0(PmJob, 1);
	job->bytes = g_bytes_ref(bytes);
	job->size = size;
	job->source = g_strdup(source);
	job->position = g_strdup(position);
	job->tag = tag;
	g_queue_push_tail(&ingest->jobs, job);
	ingest->bytes += len;
	if (ingest->next_unread == NULL)
		ingest->next_unread = ingest->jobs.tail;
	g_cond_signal(&ingest->has_work);
	return TRUE;
}

void
pm_ingest_cancel(PmIngest *ingest)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&ingest->lock);

	ingest->is_cancelled = TRUE;
	g_cond_broadcast(&ingest->has_work);
	g_cond_broadcast(&ingest->has_read);
	g_cond_broadcast(&ingest->has_room);
}

static void
end_threads(PmIngest *ingest)
{
	g_mutex_lock(&ingest->lock);
	ingest->is_ending = TRUE;
	g_cond_broadcast(&ingest->has_work);
	g_cond_broadcast(&ingest->has_read);
	g_mutex_unlock(&ingest->lock);
	while (ingest->n_threads > 0)
		pthread_join(ingest->threads[--ingest->n_threads], NULL);
}

gboolean
pm_ingest_finish(PmIngest *ingest, GError **error)
{
	end_threads(ingest);
	if (ingest->failure == NULL)
		return TRUE;
	g_propagate_error(error, g_error_copy(ingest->failure));
	return FALSE;
}

void
pm_ingest_free(PmIngest *ingest)
{
	if (ingest == NULL)
		return;
	pm_ingest_cancel(ingest);
	end_threads(ingest);
	g_queue_clear_full(&ingest->jobs, free_job);
	g_clear_error(&ingest->failure);
	g_mutex_clear(&ingest->lock);
	g_cond_clear(&ingest->has_work);
	g_cond_clear(&ingest->has_read);
	g_cond_clear(&ingest->has_room);
	g_free(ingest->threads);
	g_free(ingest->list_id);
	g_free(ingest);
}
