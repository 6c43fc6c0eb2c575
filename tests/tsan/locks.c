/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GLib's locks, made of pthreads': ThreadSanitizer knows these, and what it does not know it takes
 * for no lock at all. In every program of a build with -Db_sanitize=thread; ours call these
 * instead of those in libglib, which goes on with its own.
 */
#include <errno.h>
#include <glib.h>
#include <pthread.h>
#include <time.h>

void g_mutex_init(GMutex *mutex);
void g_cond_init(GCond *cond);

/* Both are a pointer and some room; all zero is one that was not used yet. */
static pthread_mutex_t *
mutex_of(GMutex *mutex)
{
	gpointer known = __atomic_load_n(&mutex->p, __ATOMIC_ACQUIRE);

	if (known != NULL)
		return known;
	pthread_mutex_t *made = g_new0(pthread_mutex_t, 1);
	(void)pthread_mutex_init(made, NULL);
	if (__atomic_compare_exchange_n(&mutex->p, &known, made, FALSE, __ATOMIC_ACQ_REL,
					__ATOMIC_ACQUIRE))
		return made;
	(void)pthread_mutex_destroy(made);
	g_free(made);
	return known;
}

static pthread_cond_t *
cond_of(GCond *cond)
{
	gpointer known = __atomic_load_n(&cond->p, __ATOMIC_ACQUIRE);
	pthread_condattr_t attributes;

	if (known != NULL)
		return known;
	pthread_cond_t *made = g_new0(pthread_cond_t, 1);
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(made, &attributes);
	if (__atomic_compare_exchange_n(&cond->p, &known, made, FALSE, __ATOMIC_ACQ_REL,
					__ATOMIC_ACQUIRE))
		return made;
	(void)pthread_cond_destroy(made);
	g_free(made);
	return known;
}

void
g_mutex_init(GMutex *mutex)
{
	mutex->p = NULL;
}

void
g_mutex_clear(GMutex *mutex)
{
	if (mutex->p != NULL)
		(void)pthread_mutex_destroy(mutex->p);
	g_free(mutex->p);
	mutex->p = NULL;
}

void
g_mutex_lock(GMutex *mutex)
{
	(void)pthread_mutex_lock(mutex_of(mutex));
}

void
g_mutex_unlock(GMutex *mutex)
{
	(void)pthread_mutex_unlock(mutex_of(mutex));
}

void
g_cond_init(GCond *cond)
{
	cond->p = NULL;
}

void
g_cond_clear(GCond *cond)
{
	if (cond->p != NULL)
		(void)pthread_cond_destroy(cond->p);
	g_free(cond->p);
	cond->p = NULL;
}

void
g_cond_wait(GCond *cond, GMutex *mutex)
{
	(void)pthread_cond_wait(cond_of(cond), mutex_of(mutex));
}

gboolean
g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end_time)
{
	const struct timespec end = {.tv_sec = end_time / G_USEC_PER_SEC,
				     .tv_nsec = end_time % G_USEC_PER_SEC * 1000};

	return pthread_cond_timedwait(cond_of(cond), mutex_of(mutex), &end) != ETIMEDOUT;
}

void
g_cond_signal(GCond *cond)
{
	(void)pthread_cond_signal(cond_of(cond));
}

void
g_cond_broadcast(GCond *cond)
{
	(void)pthread_cond_broadcast(cond_of(cond));
}
