/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/progress.h"

#include <stdio.h>
#include <unistd.h>

enum { INTERVAL = G_USEC_PER_SEC / 5 };

void
pm_progress_init(PmProgress *progress, gboolean is_wanted)
{
	*progress = (PmProgress){
		.is_on = is_wanted && isatty(STDERR_FILENO),
		.started = g_get_monotonic_time(),
	};
}

void
pm_progress_update(PmProgress *progress, guint64 mails, guint64 done, guint64 total)
{
	gint64 now = g_get_monotonic_time();
	double seconds = (double)(now - progress->started) / G_USEC_PER_SEC;

	if (!progress->is_on || now - progress->last < INTERVAL)
		return;
	progress->last = now;
	fprintf(stderr, "\r\033[K%" G_GUINT64_FORMAT " mails, %.0f/s", mails,
		seconds > 0 ? (double)mails / seconds : 0.0);
	if (total > 0 && done > 0 && done <= total) {
		double left = seconds * (double)(total - done) / (double)done;

		fprintf(stderr, ", %d %%, %d:%02d left",
			(int)(100.0 * (double)done / (double)total), (int)left / 60,
			(int)left % 60);
	}
	fflush(stderr);
}

void
pm_progress_wipe(PmProgress *progress)
{
	if (!progress->is_on || progress->last == 0)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
}

typedef struct {
	GThreadFunc work;
	gpointer data;
	GMutex lock;
	GCond ended;
	gboolean has_ended;
} PmLongWork;

static gpointer
run_long_work(gpointer data)
{
	PmLongWork *work = data;
	gpointer result = work->work(work->data);

	g_mutex_lock(&work->lock);
	work->has_ended = TRUE;
	g_cond_signal(&work->ended);
	g_mutex_unlock(&work->lock);
	return result;
}

/* The line is wiped at the end, as if nothing had been said. */
static void
show_while(PmLongWork *work, const char **doing)
{
	enum { QUIET = 2 * G_USEC_PER_SEC };
	gint64 started = g_get_monotonic_time(), now = started;
	gboolean is_shown = FALSE;

	while (!work->has_ended) {
		const char *what = g_atomic_pointer_get(doing);

		(void)g_cond_wait_until(&work->ended, &work->lock, now + INTERVAL);
		now = g_get_monotonic_time();
		if (work->has_ended || now - started < QUIET || what == NULL)
			continue;
		fprintf(stderr, "\r\033[K%s, %d s", what,
			(int)((now - started) / G_USEC_PER_SEC));
		fflush(stderr);
		is_shown = TRUE;
	}
	if (is_shown)
		fputs("\r\033[K", stderr);
}

gpointer
pm_progress_while(gboolean is_wanted, GThreadFunc work, gpointer data, const char **doing)
{
	PmLongWork run = {.work = work, .data = data};

	if (!is_wanted || !isatty(STDERR_FILENO))
		return work(data);
	g_mutex_init(&run.lock);
	g_cond_init(&run.ended);
	GThread *thread = g_thread_new("work", run_long_work, &run);
	g_mutex_lock(&run.lock);
	show_while(&run, doing);
	g_mutex_unlock(&run.lock);
	gpointer result = g_thread_join(thread);
	g_mutex_clear(&run.lock);
	g_cond_clear(&run.ended);
	return result;
}
