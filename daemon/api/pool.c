/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/pool.h"

#include "daemon/api/answer.h"
#include "daemon/api/auth.h"
#include "daemon/api/reply.h"
#include "daemon/log.h"
#include "lib/error.h"
#include "lib/store/schema.h"

enum {
	/* libpq's buffer has room for the longest row that ever came, and never shrinks:
	 * after an answer of so many bytes the connection goes. */
	ANSWER_LARGE = 4 * 1024 * 1024,
};

typedef struct {
	PmRequest *request; /* NULL: the thread that takes it ends */
	gpointer exchange;
} Job;

struct PmPool {
	PmPoolOptions options;
	char *conninfo, *time_zone; /* of options */
	GAsyncQueue *jobs;
	GPtrArray *threads;
	PmPoolDone done;
	PmAuth *auth;
	gint is_away; /* atomic */
};

PmPg *
pm_pool_connect(const PmPoolOptions *options, GError **error)
{
	g_autoptr(PmPg) pg = pm_pg_new(options->conninfo, options->time_zone, error);

	if (pg == NULL || !pm_pg_script(pg, PM_SQL_SESSION_API, error) ||
	    !pm_schema_check_functions(pg, error))
		return NULL;
	return g_steal_pointer(&pg);
}

/* Says once that it is away, and once that it is back. */
static void
note(PmPool *pool, const GError *error)
{
	gint is_away = error != NULL;

	if (!g_atomic_int_compare_and_exchange(&pool->is_away, !is_away, is_away))
		return;
	if (is_away)
		pm_log(PM_LOG_ERROR, "database-away", "reason", error->message, NULL);
	else
		pm_log(PM_LOG_INFO, "database-back", NULL);
}

static gboolean
is_large(const PmRequest *request)
{
	GBytes *body = request->reply.body;

	return body != NULL && g_bytes_get_size(body) >= ANSWER_LARGE;
}

/* FALSE: the connection is no good any more. */
static gboolean
try_answer(PmPool *pool, PmRequest *request, PmPg **pg, gboolean is_last)
{
	g_autoptr(GError) failure = NULL;

	if (*pg == NULL)
		*pg = pm_pool_connect(&pool->options, &failure);
	if (*pg == NULL) {
		pm_answer_without(request);
		note(pool, failure);
		return is_last;
	}
	note(pool, NULL);
	gboolean is_known = request->feed.is_again ||
			    pm_auth_check(pool->auth, request, *pg, &failure);
	gboolean is_answered = !is_known || pm_answer(request, *pg, &failure);
	if (is_answered && failure == NULL) {
		if (is_large(request))
			g_clear_pointer(pg, pm_pg_free);
		return TRUE;
	}
	if (pm_pg_is_alive(*pg)) {
		pm_log(PM_LOG_WARNING, "not-answered", "path", request->path, "reason",
		       failure->message, NULL);
		return TRUE;
	}
	g_clear_pointer(pg, pm_pg_free);
	note(pool, failure);
	return FALSE;
}

static gpointer
run_thread(gpointer data)
{
	PmPool *pool = data;
	g_autoptr(PmPg) pg = NULL;

	for (;;) {
		g_autofree Job *job = g_async_queue_pop(pool->jobs);
		PmRequest *request = job->request;

		if (request == NULL)
			return NULL;
		/* A connection that was idle may have gone unnoticed; what only reads
		 * is asked again. */
		if (!try_answer(pool, request, &pg, FALSE) &&
		    request->method == PM_METHOD_GET)
			(void)try_answer(pool, request, &pg, TRUE);
		pm_reply_finish(request);
		pool->done(job->exchange);
	}
}

PmPool *
pm_pool_new(const PmPoolOptions *options, PmPoolDone done)
{
	PmPool *pool = g_new0(PmPool, 1);

	pool->conninfo = g_strdup(options->conninfo);
	pool->time_zone = g_strdup(options->time_zone);
	pool->options.conninfo = pool->conninfo;
	pool->options.time_zone = pool->time_zone;
	pool->jobs = g_async_queue_new();
	pool->threads = g_ptr_array_new();
	pool->done = done;
	pool->auth = pm_auth_new();
	for (guint i = 0; i < options->n_threads; i++)
		g_ptr_array_add(pool->threads,
				g_thread_new("database", run_thread, pool));
	return pool;
}

void
pm_pool_push(PmPool *pool, PmRequest *request, gpointer exchange)
{
	Job *job = g_new0(Job, 1);

	job->request = request;
	job->exchange = exchange;
	g_async_queue_push(pool->jobs, job);
}

void
pm_pool_free(PmPool *pool)
{
	if (pool == NULL)
		return;
	for (guint i = 0; i < pool->threads->len; i++)
		pm_pool_push(pool, NULL, NULL);
	for (guint i = 0; i < pool->threads->len; i++)
		(void)g_thread_join(g_ptr_array_index(pool->threads, i));
	g_ptr_array_unref(pool->threads);
	g_async_queue_unref(pool->jobs);
	pm_auth_free(pool->auth);
	g_free(pool->conninfo);
	g_free(pool->time_zone);
	g_free(pool);
}

void
pm_pool_forget(PmPool *pool)
{
	pm_auth_forget(pool->auth);
}

gboolean
pm_pool_is_connected(const PmPool *pool)
{
	return !g_atomic_int_get(&pool->is_away);
}
