/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <gio/gio.h>
#include <glib-unix.h>
#include <stdio.h>
#include <sysexits.h>

#include "daemon/notify.h"
#include "daemon/replay.h"
#include "lib/error.h"
#include "lib/source/inbox.h"

/*
 * patchmail follow: a replay whenever a repository has changed. The watch is set up
 * before each replay, so that what comes meanwhile leads to the next; a poll now and
 * then is for file systems that tell nothing (NFS) and for new epochs.
 */

enum {
	INTERVAL = 60,
	INTERVAL_MAX = 24 * 60 * 60,
};

typedef struct {
	const char *const *paths;
	GPtrArray *monitors; /* of GFileMonitor */
	guint n_repositories;
	gboolean has_changed;
} PmFollow;

static void
note_change(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
	    gpointer user_data)
{
	PmFollow *follow = user_data;

	(void)monitor;
	(void)file;
	(void)other;
	(void)event;
	follow->has_changed = TRUE;
}

static void
cancel_monitor(gpointer data)
{
	(void)g_file_monitor_cancel(data);
	g_object_unref(data);
}

/* What cannot be watched is polled. */
static void
watch(PmFollow *follow, const char *path, const char *below)
{
	g_autofree char *name = g_build_filename(path, below, NULL);
	g_autoptr(GFile) file = g_file_new_for_path(name);
	GFileMonitor *monitor = NULL;

	if (!g_file_test(name, G_FILE_TEST_IS_DIR))
		return;
	monitor = g_file_monitor_directory(file, G_FILE_MONITOR_NONE, NULL, NULL);
	if (monitor == NULL)
		return;
	g_signal_connect(monitor, "changed", G_CALLBACK(note_change), follow);
	g_ptr_array_add(follow->monitors, monitor);
}

/*
 * packed-refs is in the directory itself, branches are below refs. What is above is watched
 * before it is asked what is below: whatever is made later is heard of, also in a repository
 * that is being cloned and is none yet.
 */
static void
watch_repository(PmFollow *follow, const char *git_dir)
{
	static const char *const below[] = {"", "refs", "refs/heads", "refs/remotes",
					    "refs/remotes/origin"};

	for (guint i = 0; i < G_N_ELEMENTS(below); i++)
		watch(follow, git_dir, below[i]);
}

/* All that may be, or become, an epoch. */
static void
watch_epochs(PmFollow *follow, const char *path, const char *below)
{
	g_autofree char *top = g_build_filename(path, below, NULL);
	g_autoptr(GDir) dir = NULL;
	const char *name = NULL;

	watch(follow, path, below);
	dir = g_dir_open(top, 0, NULL);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *epoch = g_build_filename(top, name, NULL);

		if (g_str_has_suffix(name, ".git"))
			watch_repository(follow, epoch);
	}
}

static void
watch_all(PmFollow *follow)
{
	g_ptr_array_set_size(follow->monitors, 0);
	follow->n_repositories = 0;
	for (const char *const *path = follow->paths; *path != NULL; path++) {
		watch_epochs(follow, *path, "");
		watch_epochs(follow, *path, "git");
		g_autoptr(GPtrArray) repositories = pm_inbox_repositories(*path);
		for (guint i = 0; i < repositories->len; i++)
			watch_repository(follow, g_ptr_array_index(repositories, i));
		follow->n_repositories += repositories->len;
	}
}

static gboolean
end_wait(gpointer user_data)
{
	gboolean *is_over = user_data;

	*is_over = TRUE;
	return G_SOURCE_CONTINUE;
}

static gboolean
end_wait_fd(int fd, GIOCondition condition, gpointer user_data)
{
	(void)fd;
	(void)condition;
	return end_wait(user_data);
}

/* Until something changed, the time is over, or we are to end. */
static void
wait_for_change(PmFollow *follow, guint seconds)
{
	gboolean is_over = FALSE;
	guint timer = g_timeout_add_seconds(seconds, end_wait, &is_over);
	guint interrupt =
		g_unix_fd_add(pm_replay_interrupt_fd(), G_IO_IN, end_wait_fd, &is_over);

	while (!is_over && !follow->has_changed)
		(void)g_main_context_iteration(NULL, TRUE);
	(void)g_source_remove(timer);
	(void)g_source_remove(interrupt);
	follow->has_changed = FALSE;
}

static void
report(const PmContext *context, const PmReplayResult *result)
{
	if (result->summary.mails == 0)
		return;
	if (context->json) {
		pm_summary_print(&result->summary, TRUE);
	} else if (!context->quiet) {
		g_autofree char *line = pm_summary_line(&result->summary);

		puts(line);
	}
}

static int
follow_paths(PmContext *context, PmFollow *follow, const PmReplayOptions *options,
	     guint interval)
{
	gboolean is_ready = FALSE;

	while (!pm_replay_is_interrupted()) {
		g_auto(PmReplayResult) result = {0};

		watch_all(follow);
		pm_replay_run(context, follow->paths, options, &result);
		report(context, &result);
		if (result.error != NULL && !pm_error_is_temporary(result.error))
			return pm_command_fail(result.error);
		if (result.error != NULL)
			g_printerr("patchmail: %s; trying again in %u seconds\n",
				   result.error->message, interval);
		if (!is_ready) {
			g_autofree char *status = g_strdup_printf(
				"following %u repositories", follow->n_repositories);

			(void)pm_notify_ready(status);
			is_ready = TRUE;
		}
		if (!pm_replay_is_interrupted())
			wait_for_change(follow, interval);
	}
	(void)pm_notify_stopping(NULL);
	return EX_OK;
}

static const char *
find_none(const char *const *paths)
{
	for (; *paths != NULL; paths++)
		if (!pm_inbox_is_candidate(*paths))
			return *paths;
	return NULL;
}

int
pm_command_follow(PmContext *context, int argc, char **argv)
{
	g_autofree char *list_id = NULL;
	int interval = INTERVAL;
	const GOptionEntry entries[] = {
		{"list-id", 0, 0, G_OPTION_ARG_STRING, &list_id,
		 "Take all mails as of this list", "ID"},
		{"interval", 0, 0, G_OPTION_ARG_INT, &interval,
		 "Look at least so often (60)", "SECONDS"},
		G_OPTION_ENTRY_NULL,
	};
	PmReplayOptions options;
	PmFollow follow = {0};
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(context, entries, "INBOX…",
			      "Example:\n  patchmail follow /srv/mirror/demo", &argc,
			      &argv, &error))
		return pm_command_fail(error);
	if (argc < 2)
		return pm_command_usage("no public-inbox given");
	if (interval < 1 || interval > INTERVAL_MAX)
		return pm_command_usage("--interval takes 1 to 86400");
	follow.paths = (const char *const *)argv + 1;
	const char *none = find_none(follow.paths);
	if (none != NULL) {
		g_printerr("patchmail: could not follow %s: there is no git repository; "
			   "clone the inbox with git clone --mirror\n",
			   none);
		return EX_DATAERR;
	}
	pm_replay_options_init(&options, context, list_id, 0);
	options.format = PM_SOURCE_PUBLIC_INBOX;
	pm_replay_catch_interrupts();
	follow.monitors = g_ptr_array_new_with_free_func(cancel_monitor);
	int status = follow_paths(context, &follow, &options, (guint)interval);
	g_ptr_array_unref(follow.monitors);
	return status;
}
