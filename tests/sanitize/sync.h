/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * What ThreadSanitizer must know of GLib. Debian's GLib is not built for it, and its
 * mutexes are futexes of its own; so without this every access that a GMutex guards
 * would be a race. Included before all else with -Db_sanitize=thread: GLib's functions are
 * called as ever, and the sanitizer is told what happens before what. Nothing is suppressed:
 * what no mutex guards is still a race. tests/sanitize/threads says how it is used.
 */

/* Not so in what knows nothing of GLib. */
#if __has_include(<glib.h>)

/* Inline functions of GLib's headers call these, too. */
#define g_mutex_lock pm_tsan_mutex_lock
#define g_mutex_unlock pm_tsan_mutex_unlock
#define g_cond_wait pm_tsan_cond_wait
#define g_cond_wait_until pm_tsan_cond_wait_until

#include <glib.h>
#include <sanitizer/tsan_interface.h>

void pm_real_mutex_lock(GMutex *mutex) __asm__("g_mutex_lock");
void pm_real_mutex_unlock(GMutex *mutex) __asm__("g_mutex_unlock");
void pm_real_cond_wait(GCond *cond, GMutex *mutex) __asm__("g_cond_wait");
gboolean pm_real_cond_wait_until(GCond *cond, GMutex *mutex,
				 gint64 end_time) __asm__("g_cond_wait_until");

__attribute__((weak)) void
pm_tsan_mutex_lock(GMutex *mutex)
{
	pm_real_mutex_lock(mutex);
	__tsan_acquire(mutex);
}

__attribute__((weak)) void
pm_tsan_mutex_unlock(GMutex *mutex)
{
	__tsan_release(mutex);
	pm_real_mutex_unlock(mutex);
}

__attribute__((weak)) void
pm_tsan_cond_wait(GCond *cond, GMutex *mutex)
{
	__tsan_release(mutex);
	pm_real_cond_wait(cond, mutex);
	__tsan_acquire(mutex);
}

__attribute__((weak)) gboolean
pm_tsan_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end_time)
{
	__tsan_release(mutex);
	gboolean is_signalled = pm_real_cond_wait_until(cond, mutex, end_time);
	__tsan_acquire(mutex);
	return is_signalled;
}

/* The last owner frees what the others have used. */
static inline void
pm_tsan_rc_release(gpointer box, GDestroyNotify clear)
{
	__tsan_release(box);
	__tsan_acquire(box);
	g_atomic_rc_box_release_full(box, clear);
}
#define g_atomic_rc_box_release_full pm_tsan_rc_release

static inline void
pm_tsan_queue_push(GAsyncQueue *queue, gpointer data)
{
	__tsan_release(queue);
	g_async_queue_push(queue, data);
}
#define g_async_queue_push pm_tsan_queue_push

static inline gpointer
pm_tsan_queue_pop(GAsyncQueue *queue)
{
	gpointer data = g_async_queue_pop(queue);

	__tsan_acquire(queue);
	return data;
}
#define g_async_queue_pop pm_tsan_queue_pop

typedef struct {
	GSourceFunc function;
	gpointer data;
} PmTsanCall;

static inline gboolean
pm_tsan_call(gpointer data)
{
	PmTsanCall call = {0};

	__tsan_acquire(data);
	call = *(PmTsanCall *)data;
	g_free(data);
	return call.function(call.data);
}

static inline void
pm_tsan_invoke(GMainContext *context, GSourceFunc function, gpointer data)
{
	PmTsanCall *call = g_new(PmTsanCall, 1);

	*call = (PmTsanCall){function, data};
	__tsan_release(call);
	g_main_context_invoke(context, pm_tsan_call, call);
}
#define g_main_context_invoke pm_tsan_invoke

#endif
