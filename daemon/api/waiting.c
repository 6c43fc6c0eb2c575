/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/waiting.h"

typedef struct {
	gpointer exchange;
	gint64 cursor, rest_until, until;
	PmWoken by; /* once it is woken */
} Entry;

struct PmWaiting {
	GMutex lock;
	GPtrArray *entries;
	guint n_places, max;
	gint64 upto; /* -1: not known */
	gboolean is_ended;
	PmWake wake;
	PmWatch *watch;
};

/* Whether it is to be woken now, and why. is_away: the database is. */
static gboolean
is_due(const PmWaiting *waiting, Entry *entry, gboolean is_away)
{
	gint64 now = g_get_monotonic_time();

	if (waiting->is_ended || (is_away && entry->cursor < 0))
		entry->by = PM_WOKEN_BY_END;
	else if (waiting->upto > entry->cursor && now >= entry->rest_until)
		entry->by = PM_WOKEN_BY_EVENTS;
	else if (now >= entry->until)
		entry->by = PM_WOKEN_BY_TIME;
	else
		return FALSE;
	return TRUE;
}

static void
wake_due(PmWaiting *waiting, gboolean is_away)
{
	g_autoptr(GPtrArray) woken = g_ptr_array_new_with_free_func(g_free);

	g_mutex_lock(&waiting->lock);
	for (guint i = 0; i < waiting->entries->len;) {
		if (is_due(waiting, g_ptr_array_index(waiting->entries, i), is_away))
			g_ptr_array_add(
				woken, g_ptr_array_steal_index_fast(waiting->entries, i));
		else
			i++;
	}
	gint64 upto = waiting->upto;
	g_mutex_unlock(&waiting->lock);
	for (guint i = 0; i < woken->len; i++) {
		const Entry *entry = g_ptr_array_index(woken, i);

		waiting->wake(entry->exchange, entry->by, upto);
	}
}

static void
take_upto(gint64 upto, gpointer data)
{
	PmWaiting *waiting = data;

	g_mutex_lock(&waiting->lock);
	waiting->upto = MAX(waiting->upto, upto);
	g_mutex_unlock(&waiting->lock);
	wake_due(waiting, upto < 0);
}

PmWaiting *
pm_waiting_new(const PmPoolOptions *options, guint max, PmWake wake)
{
	PmWaiting *waiting = g_new0(PmWaiting, 1);

	g_mutex_init(&waiting->lock);
	waiting->entries = g_ptr_array_new_with_free_func(g_free);
	waiting->max = max;
	waiting->upto = -1;
	waiting->wake = wake;
	waiting->watch = pm_watch_new(options, take_upto, waiting);
	return waiting;
}

void
pm_waiting_free(PmWaiting *waiting)
{
	if (waiting == NULL)
		return;
	pm_watch_free(waiting->watch);
	g_ptr_array_unref(waiting->entries);
	g_mutex_clear(&waiting->lock);
	g_free(waiting);
}

gboolean
pm_waiting_enter(PmWaiting *waiting)
{
	g_mutex_lock(&waiting->lock);
	gboolean has_place = waiting->n_places < waiting->max && !waiting->is_ended;
	waiting->n_places += has_place ? 1 : 0;
	g_mutex_unlock(&waiting->lock);
	if (has_place)
		pm_watch_begin(waiting->watch);
	return has_place;
}

void
pm_waiting_leave(PmWaiting *waiting)
{
	g_mutex_lock(&waiting->lock);
	waiting->n_places--;
	g_mutex_unlock(&waiting->lock);
}

void
pm_waiting_add(PmWaiting *waiting, gpointer exchange, gint64 cursor, gint64 rest_until,
	       gint64 until)
{
	Entry entry = {exchange, cursor, rest_until, until, PM_WOKEN_BY_TIME};

	g_mutex_lock(&waiting->lock);
	gboolean is_now = is_due(waiting, &entry, FALSE);
	gint64 upto = waiting->upto;
	if (!is_now)
		g_ptr_array_add(waiting->entries, g_memdup2(&entry, sizeof entry));
	g_mutex_unlock(&waiting->lock);
	if (is_now)
		waiting->wake(exchange, entry.by, upto);
}

void
pm_waiting_tick(PmWaiting *waiting)
{
	wake_due(waiting, FALSE);
}

void
pm_waiting_end(PmWaiting *waiting)
{
	g_mutex_lock(&waiting->lock);
	waiting->is_ended = TRUE;
	g_mutex_unlock(&waiting->lock);
	wake_due(waiting, FALSE);
}
