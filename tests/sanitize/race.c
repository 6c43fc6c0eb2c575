/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether ThreadSanitizer sees what it shall: two threads count together, under a GMutex
 * ("guarded", no race) or without one ("bare", a race, which must be found). Ends with 0,
 * or with what TSAN_OPTIONS says of a race.
 */
#include <string.h>

#include <glib.h>

static GMutex lock;
static gboolean is_guarded;
static guint count;

static gpointer
run(gpointer data)
{
	(void)data;
	for (guint i = 0; i < 1000; i++) {
		if (is_guarded) {
			g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&lock);

			count++;
		} else {
			count++;
		}
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	is_guarded = argc > 1 && strcmp(argv[1], "guarded") == 0;
	g_autoptr(GThread) one = g_thread_new("one", run, NULL);
	g_autoptr(GThread) other = g_thread_new("other", run, NULL);

	(void)g_thread_join(g_steal_pointer(&one));
	(void)g_thread_join(g_steal_pointer(&other));
	g_print("%u\n", count);
	return 0;
}
