/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <sysexits.h>

#include "daemon/api/server.h"
#include "daemon/arguments.h"
#include "daemon/config.h"
#include "daemon/log.h"
#include "daemon/memory.h"
#include "daemon/notify.h"
#include "daemon/version.h"
#include "lib/error.h"

/*
 * patchmail-api: Patchwork's REST API over HTTP. The main thread accepts and tells systemd;
 * server.h reads and writes, pool.h asks the database.
 *
 *	SIGHUP		the configuration anew: what is about answers, and the log
 *	SIGTERM, SIGINT	no new connections; what is being answered is finished, for 10 s at most
 */

#define DRAIN_SECONDS 10

typedef struct {
	char *config_path, *conninfo, *base_url;
	char **listen;
	PmConfig *config;
	PmListen *sockets;
	PmServer *server;
	GMainLoop *loop;
	gint64 stop_at; /* monotonic; 0: not stopping */
} PmApi;

static int
fail(const GError *error)
{
	pm_log(PM_LOG_ERROR, "not-started", "reason", error->message, NULL);
	return pm_error_exit_status(error);
}

static void
start_log(const PmApi *api)
{
	const PmLogOptions options = {
		.level = pm_log_level_from_string(
			pm_config_string(api->config, "log", "level")),
		.target = pm_log_target_from_string(
			pm_config_string(api->config, "log", "target")),
	};

	pm_log_init(&options);
}

static gboolean
listen_for_clients(PmApi *api, GError **error)
{
	guint mode = (guint)pm_config_number(api->config, "api", "socket-mode");

	api->sockets = pm_listen_new();
	if (!pm_listen_adopt(api->sockets, "metrics", PM_LISTEN_NOT_NAMED, NULL, error))
		return FALSE;
	for (char **address = api->listen; address != NULL && *address != NULL; address++)
		if (!pm_listen_add(api->sockets, *address, mode, error))
			return FALSE;
	if (api->listen != NULL || pm_listen_count(api->sockets) > 0)
		return TRUE;
	return pm_listen_add_list(api->sockets,
				  pm_config_string(api->config, "api", "listen"), mode,
				  error);
}

static gboolean
tick(gpointer data)
{
	PmApi *api = data;

	if (api->stop_at != 0 &&
	    (pm_server_busy(api->server) == 0 || g_get_monotonic_time() >= api->stop_at))
		g_main_loop_quit(api->loop);
	return G_SOURCE_CONTINUE;
}

static gboolean
stop(gpointer data)
{
	PmApi *api = data;

	if (api->stop_at != 0)
		return G_SOURCE_CONTINUE;
	pm_log(PM_LOG_INFO, "stopping", NULL);
	(void)pm_notify_stopping("finishing what is being answered");
	pm_server_stop(api->server);
	api->stop_at = g_get_monotonic_time() + DRAIN_SECONDS * G_USEC_PER_SEC;
	g_timeout_add(50, tick, api);
	return G_SOURCE_CONTINUE;
}

static gboolean
pat_watchdog(gpointer data)
{
	(void)data;
	(void)pm_notify_watchdog();
	return G_SOURCE_CONTINUE;
}

static const char *
option_or_key(const char *option, const PmConfig *config, const char *group,
	      const char *key)
{
	return option ? option : pm_config_string(config, group, key);
}

static PmAnswerOptions *
answer_options(const PmApi *api)
{
	const char *unknown = pm_config_string(api->config, "api", "unknown-filters");

	return pm_answer_options_new(
		option_or_key(api->base_url, api->config, "api", "base-url"),
		g_str_equal(unknown, "refuse"),
		pm_config_boolean(api->config, "api", "pages"));
}

/* A configuration that is wrong changes nothing. */
static gboolean
reload(gpointer data)
{
	PmApi *api = data;
	g_autoptr(GError) error = NULL;
	PmConfig *config = pm_config_new(api->config_path, &error);

	(void)pm_notify_reloading();
	if (config == NULL) {
		pm_log(PM_LOG_ERROR, "not-reloaded", "reason", error->message, NULL);
	} else {
		/* What began with the old one has copies. */
		pm_config_free(api->config);
		api->config = config;
		g_autoptr(PmAnswerOptions) options = answer_options(api);
		pm_server_reload(api->server, options);
		start_log(api);
		pm_log(PM_LOG_INFO, "reloaded", NULL);
	}
	(void)pm_notify_ready("answering");
	return G_SOURCE_CONTINUE;
}

static void
run(PmApi *api)
{
	g_auto(GStrv) addresses = pm_listen_addresses(api->sockets);
	g_autofree char *list = g_strjoinv(" ", addresses);
	guint64 watchdog = pm_notify_watchdog_interval();

	api->loop = g_main_loop_new(NULL, FALSE);
	g_unix_signal_add(SIGHUP, reload, api);
	g_unix_signal_add(SIGTERM, stop, api);
	g_unix_signal_add(SIGINT, stop, api);
	if (watchdog > 0)
		g_timeout_add((guint)(watchdog / 2000), pat_watchdog, api);
	pm_log(PM_LOG_INFO, "started", "version", PM_VERSION, "listen", list, NULL);
	(void)pm_notify_ready("answering");
	g_main_loop_run(api->loop);
	g_main_loop_unref(api->loop);
}

static int
start(PmApi *api)
{
	g_autoptr(GError) error = NULL;

	api->config = pm_config_new(api->config_path, &error);
	if (api->config == NULL)
		return fail(error);
	start_log(api);
	g_autoptr(PmAnswerOptions) answer = answer_options(api);
	const PmServerOptions options = {
		.max_connections =
			(guint)pm_config_number(api->config, "api", "max-connections"),
		.max_waiting = (guint)pm_config_number(api->config, "api", "max-waiting"),
		.max_held = (gsize)pm_config_number(api->config, "api", "max-held"),
		.answer = answer,
		.pool =
			{
				.conninfo = option_or_key(api->conninfo, api->config,
							  "database", "conninfo"),
				.time_zone = pm_config_string(api->config, "ingest",
							      "time-zone"),
				.n_threads = (guint)pm_config_number(
					api->config, "api", "database-connections"),
			},
	};
	if (!listen_for_clients(api, &error))
		return fail(error);
	api->server = pm_server_new(&options, api->sockets, &error);
	if (api->server == NULL)
		return fail(error);
	run(api);
	return EX_OK;
}

static void
clear_api(PmApi *api)
{
	pm_server_free(api->server);
	pm_listen_free(api->sockets);
	pm_config_free(api->config);
	g_strfreev(api->listen);
	g_free(api->config_path);
	g_free(api->conninfo);
	g_free(api->base_url);
	pm_log_close();
}

static gboolean
parse(PmApi *api, int argc, char **argv, gboolean *shows_version_out, GError **error)
{
	const GOptionEntry entries[] = {
		{"config", 0, 0, G_OPTION_ARG_FILENAME, &api->config_path,
		 "Configuration file", "FILE"},
		{"listen", 0, 0, G_OPTION_ARG_STRING_ARRAY, &api->listen,
		 "Where to listen instead, may be repeated", "unix:PATH|tcp:HOST:PORT"},
		{"base-url", 0, 0, G_OPTION_ARG_STRING, &api->base_url,
		 "What links begin with, else the client's Host", "URL"},
		{"database", 'd', 0, G_OPTION_ARG_STRING, &api->conninfo,
		 "libpq connection string", "CONNINFO"},
		{"version", 0, 0, G_OPTION_ARG_NONE, shows_version_out,
		 "Print the version", NULL},
		G_OPTION_ENTRY_NULL,
	};
	return pm_arguments_parse(
		entries, "patchmail-api -d dbname=patchwork --listen tcp:127.0.0.1:8000",
		argc, argv, error);
}

int
main(int argc, char **argv)
{
	PmApi api = {0};
	gboolean shows_version = FALSE;
	g_autoptr(GError) error = NULL;

	if (!parse(&api, argc, argv, &shows_version, &error)) {
		g_printerr("patchmail-api: %s; see --help\n", error->message);
		return EX_USAGE;
	}
	if (shows_version) {
		puts("patchmail-api " PM_VERSION);
		clear_api(&api);
		return EX_OK;
	}
	pm_memory_tune(2);
	(void)signal(SIGPIPE, SIG_IGN);
	int status = start(&api);
	if (status == EX_OK)
		pm_log(PM_LOG_INFO, "stopped", NULL);
	clear_api(&api);
	return status;
}
