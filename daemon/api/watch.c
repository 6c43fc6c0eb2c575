/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/watch.h"

#include "daemon/log.h"
#include "lib/error.h"

enum {
	/* Seconds between looks without a notification: Patchwork's programs send none. */
	LOOK_INTERVAL = 5,
	BACKOFF_MAX = 15,
	/* Milliseconds between looks whether those have ended who may bring what is missing;
	 * and after which the thread sees that it shall end. */
	CLAIM_INTERVAL = 100,
	SLICE = 250,
};

struct PmWatch {
	PmPoolOptions options;
	char *conninfo, *time_zone;
	PmWatchTold told;
	gpointer data;
	GThread *thread;
	GMutex lock;
	GCond changed;
	gboolean is_wanted, is_ending; /* under lock */
	/* The thread's own. */
	gint64 upto;   /* -1: not known */
	gint64 claim;  /* all is there up to this id once writers have ended; -1: none */
	GStrv writers; /* nullable */
	gint64 give_up_at; /* monotonic */
};

static gboolean
is_ending(PmWatch *watch)
{
	g_mutex_lock(&watch->lock);
	gboolean is = watch->is_ending;
	g_mutex_unlock(&watch->lock);
	return is;
}

static void
advance(PmWatch *watch, gint64 upto)
{
	if (upto <= watch->upto)
		return;
	watch->upto = upto;
	watch->told(upto, watch->data);
}

static void
drop_claim(PmWatch *watch)
{
	watch->claim = -1;
	g_clear_pointer(&watch->writers, g_strfreev);
}

/* Of those that are named; of all where none is. */
static guint
send_writers(PmPg *pg, GStrv names)
{
	PmParams *params = pm_params_new();
	guint array = pm_params_array(params, PM_TYPE_TEXT);

	for (guint i = 0; names != NULL && names[i] != NULL; i++)
		pm_params_add_text(params, array, names[i]);
	return pm_pg_send(pg, PM_SQL_WATCH_WRITERS, params);
}

static GStrv
names_of(const PmRows *rows)
{
	GStrv names = g_new0(char *, pm_rows_count(rows) + 1);

	for (guint i = 0; i < pm_rows_count(rows); i++)
		names[i] = g_strdup(pm_rows_text(rows, i, 0));
	return names;
}

/* What is there up to claim is all there will be once these have ended. */
static void
make_claim(PmWatch *watch, gint64 claim, const PmRows *writers)
{
	if (pm_rows_count(writers) == 0) {
		advance(watch, claim);
		return;
	}
	watch->claim = claim;
	watch->writers = names_of(writers);
	watch->give_up_at = g_get_monotonic_time() + PM_WATCH_PATIENCE * G_USEC_PER_SEC;
}

/* At first: what is there now. */
static gboolean
look_first(PmWatch *watch, PmPg *pg, GError **error)
{
	guint newest = pm_pg_send(pg, PM_SQL_LAST_EVENT, NULL);
	guint writers = send_writers(pg, NULL);

	if (!pm_pg_sync(pg, error))
		return FALSE;
	make_claim(watch, pm_rows_int(pm_pg_rows(pg, newest), 0, 0),
		   pm_pg_rows(pg, writers));
	return TRUE;
}

static gboolean
look_at_writers(PmWatch *watch, PmPg *pg, GError **error)
{
	guint n = send_writers(pg, watch->writers);

	if (!pm_pg_sync(pg, error))
		return FALSE;
	gboolean is_late = g_get_monotonic_time() >= watch->give_up_at;
	if (pm_rows_count(pm_pg_rows(pg, n)) > 0 && !is_late)
		return TRUE;
	if (pm_rows_count(pm_pg_rows(pg, n)) > 0)
		pm_log(PM_LOG_WARNING, "event-not-awaited", "reason",
		       "a transaction that may have written events does not end", NULL);
	gint64 claim = watch->claim;
	drop_claim(watch);
	advance(watch, claim);
	return TRUE;
}

static gboolean
look_at_events(PmWatch *watch, PmPg *pg, GError **error)
{
	gint64 before = 0;

	do {
		PmParams *params = pm_params_new();

		before = watch->upto;
		pm_params_int8(params, watch->upto);
		guint events = pm_pg_send(pg, PM_SQL_WATCH_EVENTS, params);
		guint writers = send_writers(pg, NULL);
		if (!pm_pg_sync(pg, error))
			return FALSE;
		gint64 solid = pm_rows_int(pm_pg_rows(pg, events), 0, 0);
		gint64 last = pm_rows_int(pm_pg_rows(pg, events), 0, 1);
		advance(watch, solid);
		if (solid < last)
			make_claim(watch, last, pm_pg_rows(pg, writers));
	} while (watch->upto > before && watch->claim < 0);
	return TRUE;
}

static gboolean
look(PmWatch *watch, PmPg *pg, GError **error)
{
	if (watch->claim >= 0 && !look_at_writers(watch, pg, error))
		return FALSE;
	if (watch->claim >= 0)
		return TRUE;
	if (watch->upto < 0)
		return look_first(watch, pg, error);
	return look_at_events(watch, pg, error);
}

/* Until the connection is lost, or it shall end. */
static void
follow(PmWatch *watch, PmPg *pg, GError **error)
{
	gint64 look_at = 0;
	guint n = 0;

	if (!pm_pg_script(pg, PM_SQL_LISTEN, error))
		return;
	/* Transactions of the server that was there before are of no matter. */
	drop_claim(watch);
	while (!is_ending(watch)) {
		gint64 now = g_get_monotonic_time();

		if (n > 0 || watch->claim >= 0 || now >= look_at) {
			look_at = now + LOOK_INTERVAL * G_USEC_PER_SEC;
			if (!look(watch, pg, error))
				return;
		}
		if (!pm_pg_wait(pg, watch->claim >= 0 ? CLAIM_INTERVAL : SLICE, &n,
				error))
			return;
	}
}

/* FALSE: it shall end. until: monotonic, where that is not waited for for ever. */
static gboolean
wait_until_wanted(PmWatch *watch, gint64 until)
{
	g_mutex_lock(&watch->lock);
	while (!watch->is_ending && (until != 0 || !watch->is_wanted))
		if (until == 0)
			g_cond_wait(&watch->changed, &watch->lock);
		else if (!g_cond_wait_until(&watch->changed, &watch->lock, until))
			break;
	gboolean is_wanted = !watch->is_ending;
	g_mutex_unlock(&watch->lock);
	return is_wanted;
}

static gpointer
run_thread(gpointer data)
{
	PmWatch *watch = data;
	guint backoff = 1;
	gint64 again_at = 0;

	while (wait_until_wanted(watch, again_at)) {
		g_autoptr(GError) error = NULL;
		g_autoptr(PmPg) pg = pm_pool_connect(&watch->options, &error);

		if (pg != NULL) {
			backoff = 1;
			follow(watch, pg, &error);
		}
		if (error == NULL)
			continue;
		pm_log(PM_LOG_WARNING, "not-listening", "reason", error->message, NULL);
		if (pg == NULL)
			watch->told(-1, watch->data);
		again_at = g_get_monotonic_time() + backoff * G_USEC_PER_SEC;
		backoff = MIN(backoff * 2, BACKOFF_MAX);
	}
	return NULL;
}

PmWatch *
pm_watch_new(const PmPoolOptions *options, PmWatchTold told, gpointer data)
{
	PmWatch *watch = g_new0(PmWatch, 1);

	watch->conninfo = g_strdup(options->conninfo);
	watch->time_zone = g_strdup(options->time_zone);
	watch->options.conninfo = watch->conninfo;
	watch->options.time_zone = watch->time_zone;
	watch->told = told;
	watch->data = data;
	watch->upto = watch->claim = -1;
	g_mutex_init(&watch->lock);
	g_cond_init(&watch->changed);
	watch->thread = g_thread_new("events", run_thread, watch);
	return watch;
}

void
pm_watch_begin(PmWatch *watch)
{
	g_mutex_lock(&watch->lock);
	watch->is_wanted = TRUE;
	g_cond_signal(&watch->changed);
	g_mutex_unlock(&watch->lock);
}

void
pm_watch_free(PmWatch *watch)
{
	if (watch == NULL)
		return;
	g_mutex_lock(&watch->lock);
	watch->is_ending = TRUE;
	g_cond_signal(&watch->changed);
	g_mutex_unlock(&watch->lock);
	(void)g_thread_join(watch->thread);
	drop_claim(watch);
	g_free(watch->conninfo);
	g_free(watch->time_zone);
	g_mutex_clear(&watch->lock);
	g_cond_clear(&watch->changed);
	g_free(watch);
}
