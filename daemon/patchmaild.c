/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <sysexits.h>

#include "daemon/access.h"
#include "daemon/arguments.h"
#include "daemon/exposure.h"
#include "daemon/figures.h"
#include "daemon/listen.h"
#include "daemon/log.h"
#include "daemon/memory.h"
#include "daemon/metrics.h"
#include "daemon/notify.h"
#include "daemon/service.h"
#include "daemon/version.h"
#include "lib/error.h"

/*
 * patchmaild: the LMTP daemon. The main thread accepts, reloads, tells systemd and
 * serves figures; each session has a thread; one writer stores.
 *
 *	SIGHUP		configuration, certificates and projects anew
 *	SIGTERM, SIGINT	no new mail; what is in flight is finished, for 25 s at most
 */

enum {
	DRAIN_SECONDS = 25,
	/* A batch that takes longer than this has hung. */
	STUCK_SECONDS = 120,
};

typedef struct {
	char *config_path, *conninfo;
	char **listen;
	gboolean only_checks;
	PmConfig *config, *first; /* as last read; as it began */
	PmService *service;
	PmListen *sockets;
	PmFigures *figures;
	GMainLoop *loop;
	gint64 stop_at; /* monotonic; 0: not stopping */
} PmDaemon;

static int
fail(const GError *error)
{
	pm_log(PM_LOG_ERROR, "not-started", "reason", error->message, NULL);
	return pm_error_exit_status(error);
}

static void
start_log(const PmDaemon *daemon)
{
	const PmLogOptions options = {
		.level = pm_log_level_from_string(
			pm_config_string(daemon->config, "log", "level")),
		.target = pm_log_target_from_string(
			pm_config_string(daemon->config, "log", "target")),
	};

	pm_log_init(&options);
}

static gboolean
is_healthy(char **reason_out, gpointer user_data)
{
	PmDaemon *daemon = user_data;
	PmWriters *writers = pm_service_writers(daemon->service);

	if (!pm_writers_make_progress(writers, STUCK_SECONDS))
		*reason_out = g_strdup("the writer hangs");
	else if (!pm_writers_are_connected(writers))
		*reason_out = g_strdup("database away");
	else
		return TRUE;
	return FALSE;
}

/* Where neither option nor configuration nor systemd says so: a unix socket. */
static char *
default_address(void)
{
	const char *runtime = g_getenv("RUNTIME_DIRECTORY");

	return g_strdup_printf("unix:%s/lmtp.sock", runtime ? runtime : "/run/patchmail");
}

static gboolean
listen_for_mail(PmDaemon *daemon, GError **error)
{
	guint mode = (guint)pm_config_number(daemon->config, "lmtp", "socket-mode");
	g_autofree char *fallback = default_address();

	daemon->sockets = pm_listen_new();
	pm_listen_set_owner(daemon->sockets,
			    pm_config_string(daemon->config, "lmtp", "socket-owner"));
	if (!pm_listen_adopt(daemon->sockets, "metrics", PM_LISTEN_NOT_NAMED, NULL,
			     error))
		return FALSE;
	for (char **address = daemon->listen; address != NULL && *address != NULL;
	     address++)
		if (!pm_listen_add(daemon->sockets, *address, mode, error))
			return FALSE;
	if (daemon->listen == NULL &&
	    !pm_listen_add_list(daemon->sockets,
				pm_config_string(daemon->config, "lmtp", "listen"), mode,
				error))
		return FALSE;
	return pm_listen_count(daemon->sockets) > 0 ||
	       pm_listen_add(daemon->sockets, fallback, mode, error);
}

static void
accept_session(GSocketConnection *connection, gpointer user_data)
{
	PmDaemon *daemon = user_data;

	pm_service_accept(daemon->service, connection);
}

static void
update_gauges(PmDaemon *daemon)
{
	guint mails = 0;
	size_t bytes = 0;

	pm_writers_queue(pm_service_writers(daemon->service), &mails, &bytes);
	pm_metrics_set(PM_GAUGE_QUEUE_MAILS, mails);
	pm_metrics_set(PM_GAUGE_QUEUE_BYTES,
		       (gint64)pm_budget_used(pm_service_budget(daemon->service)));
}

static gboolean
tick(gpointer user_data)
{
	PmDaemon *daemon = user_data;
	guint sessions = pm_service_session_count(daemon->service);
	g_autofree char *status = g_strdup_printf(
		"%s; %u sessions",
		pm_writers_are_connected(pm_service_writers(daemon->service))
			? "storing mail"
			: "database away, mail is answered 451",
		sessions);

	update_gauges(daemon);
	pm_log_tick();
	(void)pm_notify_status(status);
	if (daemon->stop_at == 0)
		return G_SOURCE_CONTINUE;
	if (g_get_monotonic_time() >= daemon->stop_at)
		pm_service_stop(daemon->service, TRUE);
	if (sessions == 0)
		g_main_loop_quit(daemon->loop);
	return G_SOURCE_CONTINUE;
}

static gboolean
pat_watchdog(gpointer user_data)
{
	PmDaemon *daemon = user_data;

	if (pm_writers_make_progress(pm_service_writers(daemon->service), STUCK_SECONDS))
		(void)pm_notify_watchdog();
	return G_SOURCE_CONTINUE;
}

/* What a reload does not change, and who wants it has to restart. */
static void
warn_of_restart(const PmDaemon *daemon, const PmConfig *config)
{
	static const struct {
		const char *group, *key;
	} keys[] = {
		{"lmtp", "listen"},
		{"lmtp", "socket-mode"},
		{"lmtp", "socket-owner"},
		{"ingest", "writers"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *group = keys[i].group, *key = keys[i].key;
		const char *was = pm_config_string(daemon->first, group, key);
		g_autofree char *name = g_strdup_printf("[%s] %s", group, key);

		if (!g_str_equal(was, pm_config_string(config, group, key)))
			pm_log(PM_LOG_WARNING, "restart-needed", "key", name, "is", was,
			       NULL);
	}
}

static gboolean
is_exposed(const PmDaemon *daemon, const PmConfig *config, GError **error)
{
	g_auto(GStrv) addresses = pm_listen_addresses(daemon->sockets);

	return !pm_exposure_check(config, addresses, error);
}

static gboolean
apply(PmDaemon *daemon, PmConfig *config, GError **error)
{
	if (is_exposed(daemon, config, error) ||
	    !pm_figures_reload(daemon->figures, config, error))
		return FALSE;
	if (!pm_service_reload(daemon->service, config, error)) {
		/* All or nothing; it was there a moment ago. */
		(void)pm_figures_reload(daemon->figures, daemon->config, NULL);
		return FALSE;
	}
	warn_of_restart(daemon, config);
	return TRUE;
}

static gboolean
reload(gpointer user_data)
{
	PmDaemon *daemon = user_data;
	g_autoptr(GError) error = NULL;
	g_autoptr(PmConfig) config = NULL;

	(void)pm_notify_reloading();
	config = pm_config_new(daemon->config_path, &error);
	if (config == NULL || !apply(daemon, config, &error)) {
		pm_log(PM_LOG_ERROR, "not-reloaded", "reason", error->message, NULL);
	} else {
		if (daemon->config != daemon->first)
			pm_config_free(daemon->config);
		daemon->config = g_steal_pointer(&config);
		start_log(daemon);
		pm_log(PM_LOG_INFO, "reloaded", NULL);
	}
	(void)pm_notify_ready(NULL);
	return G_SOURCE_CONTINUE;
}

static gboolean
stop(gpointer user_data)
{
	PmDaemon *daemon = user_data;

	if (daemon->stop_at != 0)
		return G_SOURCE_CONTINUE;
	pm_log(PM_LOG_INFO, "stopping", NULL);
	(void)pm_notify_stopping("finishing what is in flight");
	pm_listen_stop(daemon->sockets);
	daemon->stop_at = g_get_monotonic_time() + DRAIN_SECONDS * G_USEC_PER_SEC;
	pm_service_stop(daemon->service, FALSE);
	g_timeout_add(20, tick, daemon);
	return G_SOURCE_CONTINUE;
}

static void
run(PmDaemon *daemon)
{
	g_auto(GStrv) addresses = pm_listen_addresses(daemon->sockets);
	g_autofree char *list = g_strjoinv(" ", addresses);
	guint64 watchdog = pm_notify_watchdog_interval();

	daemon->loop = g_main_loop_new(NULL, FALSE);
	g_unix_signal_add(SIGHUP, reload, daemon);
	g_unix_signal_add(SIGTERM, stop, daemon);
	g_unix_signal_add(SIGINT, stop, daemon);
	g_timeout_add_seconds(1, tick, daemon);
	if (watchdog > 0)
		g_timeout_add((guint)(watchdog / 2000), pat_watchdog, daemon);
	pm_listen_start(daemon->sockets, accept_session, daemon);
	pm_metrics_set(PM_GAUGE_START_TIME, g_get_real_time() / G_USEC_PER_SEC);
	pm_log(PM_LOG_INFO, "started", "version", PM_VERSION, "listen", list, NULL);
	(void)pm_notify_ready("storing mail");
	g_main_loop_run(daemon->loop);
	g_main_loop_unref(daemon->loop);
}

/* What can be known before there are sockets. */
static int
check_only(const PmDaemon *daemon)
{
	const PmConfig *config = daemon->config;
	const char *path = pm_config_path(config);
	g_auto(GStrv) configured =
		g_strsplit_set(pm_config_string(config, "lmtp", "listen"), " \t;", -1);
	g_autoptr(GError) error = NULL;
	g_autoptr(PmAccess) access =
		pm_access_new(pm_config_string(config, "lmtp", "allow"),
			      pm_config_string(config, "lmtp", "socket-peers"), &error);

	if (access == NULL ||
	    !pm_exposure_check(config, daemon->listen ? daemon->listen : configured,
			       &error)) {
		g_printerr("patchmaild: %s\n", error->message);
		return pm_error_exit_status(error);
	}
	printf("%s is right\n", path ? path : "the default configuration");
	return EX_OK;
}

static int
start(PmDaemon *daemon)
{
	g_autoptr(GError) error = NULL;

	daemon->config = daemon->first = pm_config_new(daemon->config_path, &error);
	if (daemon->config == NULL)
		return fail(error);
	if (daemon->only_checks)
		return check_only(daemon);
	start_log(daemon);
	daemon->service = pm_service_new(daemon->config, daemon->conninfo, &error);
	if (daemon->service == NULL || !listen_for_mail(daemon, &error) ||
	    is_exposed(daemon, daemon->config, &error))
		return fail(error);
	daemon->figures = pm_figures_new(daemon->config, is_healthy, daemon, &error);
	if (daemon->figures == NULL)
		return fail(error);
	run(daemon);
	pm_log(PM_LOG_INFO, "stopped", NULL);
	return EX_OK;
}

static void
clear_daemon(PmDaemon *daemon)
{
	pm_figures_free(daemon->figures);
	pm_listen_free(daemon->sockets);
	pm_service_free(daemon->service);
	if (daemon->config != daemon->first)
		pm_config_free(daemon->config);
	pm_config_free(daemon->first);
	g_strfreev(daemon->listen);
	g_free(daemon->config_path);
	g_free(daemon->conninfo);
	pm_log_close();
}

static gboolean
parse(PmDaemon *daemon, int argc, char **argv, gboolean *shows_version_out,
      GError **error)
{
	gboolean foreground = FALSE;
	const GOptionEntry entries[] = {
		{"config", 0, 0, G_OPTION_ARG_FILENAME, &daemon->config_path,
		 "Configuration file", "FILE"},
		{"listen", 0, 0, G_OPTION_ARG_STRING_ARRAY, &daemon->listen,
		 "Where to listen instead, may be repeated", "unix:PATH|tcp:HOST:PORT"},
		{"database", 'd', 0, G_OPTION_ARG_STRING, &daemon->conninfo,
		 "libpq connection string", "CONNINFO"},
		{"check-config", 0, 0, G_OPTION_ARG_NONE, &daemon->only_checks,
		 "Check the configuration and end", NULL},
		{"foreground", 0, 0, G_OPTION_ARG_NONE, &foreground,
		 "Stay in the foreground, as always", NULL},
		{"version", 0, 0, G_OPTION_ARG_NONE, shows_version_out,
		 "Print the version", NULL},
		G_OPTION_ENTRY_NULL,
	};
	return pm_arguments_parse(
		entries,
		"patchmaild -d dbname=patchwork --listen unix:/run/patchmail/lmtp.sock",
		argc, argv, error);
}

int
main(int argc, char **argv)
{
	PmDaemon daemon = {0};
	gboolean shows_version = FALSE;
	g_autoptr(GError) error = NULL;

	if (!parse(&daemon, argc, argv, &shows_version, &error)) {
		g_printerr("patchmaild: %s; see --help\n", error->message);
		return EX_USAGE;
	}
	if (shows_version) {
		puts("patchmaild " PM_VERSION);
		clear_daemon(&daemon);
		return EX_OK;
	}
	pm_memory_tune(4);
	(void)signal(SIGPIPE, SIG_IGN);
	pm_mail_init();
	int status = start(&daemon);
	clear_daemon(&daemon);
	return status;
}
