/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/service.h"

#include <pthread.h>
#include <sys/resource.h>

#include "daemon/access.h"
#include "daemon/handover.h"
#include "daemon/listen.h"
#include "daemon/log.h"
#include "daemon/metrics.h"
#include "daemon/session.h"
#include "daemon/store-options.h"
#include "lib/error.h"

enum {
	/* A session's connection, what wakes it when it is to stop, and one for TLS. */
	FDS_PER_SESSION = 3,
	/* Sockets, the database, figures, logs. */
	FDS_SPARE = 64,
};

struct PmService {
	PmWriters *writers;
	char *conninfo; /* of the command line, or NULL */
	PmBudget *budget;
	PmAccess *access; /* of the main thread */
	GMutex lock;	  /* of what follows */
	GCond has_ended;
	PmSettings settings;
	PmTls *tls;
	guint max_sessions;
	GHashTable *sessions; /* set of PmSession: those that can be stopped */
	guint n_threads;      /* of sessions, until they touch the service no more */
	guint64 last_id;
	gboolean is_stopping;
};

/* One running session, for its thread. */
typedef struct {
	PmService *service;
	PmSession *session;
} PmRun;

static void
note_stored(guint mails, gint64 usec, gpointer user_data)
{
	(void)user_data;
	pm_metrics_count(PM_COUNTER_COMMITS, 1);
	pm_metrics_observe(PM_HISTOGRAM_COMMIT, (double)usec / G_USEC_PER_SEC);
	pm_metrics_observe(PM_HISTOGRAM_BATCH_MAILS, mails);
	pm_metrics_set(PM_GAUGE_LAST_COMMIT, g_get_real_time() / G_USEC_PER_SEC);
	pm_metrics_set(PM_GAUGE_DATABASE_UP, 1);
}

static void
note_failed(const GError *error, guint mails, gpointer user_data)
{
	g_autofree char *n = g_strdup_printf("%u", mails);

	(void)user_data;
	pm_log(pm_error_is_temporary(error) ? PM_LOG_WARNING : PM_LOG_ERROR, "not-stored",
	       "mails", n, "reason", error->message, NULL);
}

static PmDatabaseError
database_kind(const GError *error)
{
	const char *sqlstate = pm_error_sqlstate(error);

	if (*sqlstate != '\0' || pm_error_is_temporary(error))
		return pm_metrics_database_kind(sqlstate);
	return g_error_matches(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG)
		       ? PM_DATABASE_REFUSED
		       : PM_DATABASE_OTHER;
}

static void
note_lost(const GError *error, gpointer user_data)
{
	(void)user_data;
	pm_metrics_set(PM_GAUGE_DATABASE_UP, 0);
	pm_metrics_database_error(database_kind(error));
	pm_log(PM_LOG_WARNING, "database-lost", "sqlstate", pm_error_sqlstate(error),
	       "reason", error->message, NULL);
}

static void
note_connected(gboolean is_again, gpointer user_data)
{
	(void)user_data;
	if (is_again)
		pm_metrics_count(PM_COUNTER_RECONNECTS, 1);
	pm_metrics_set(PM_GAUGE_DATABASE_UP, 1);
	pm_log(PM_LOG_INFO, "connected", NULL);
}

static void
note_counted(const PmStoreCounts *counts, gpointer user_data)
{
	(void)user_data;
	pm_metrics_set(PM_GAUGE_HELD, counts->held);
	pm_metrics_set(PM_GAUGE_QUARANTINE, counts->quarantined);
	pm_metrics_set(PM_GAUGE_QUARANTINE_BYTES, counts->quarantine_bytes);
}

static void
note_moved(const PmMove *move, gpointer user_data)
{
	g_autofree char *from =
		g_strdup_printf("%d/%d", move->from_series, move->from_number);
	g_autofree char *to = g_strdup_printf("%d/%d", move->to_series, move->to_number);

	(void)user_data;
	pm_log(PM_LOG_INFO, "moved", "msgid", move->msgid, "project", move->project,
	       "from", from, "to", to, "rule", move->rule, NULL);
}

static void
note_let_go(gint64 replies)
{
	g_autofree char *n = g_strdup_printf("%" G_GINT64_FORMAT, replies);

	pm_log(PM_LOG_WARNING, "let-go", "replies", n, "reason",
	       "what they answer did not come in time", NULL);
}

static void
note_trimmed(gint64 mails, gint64 bytes)
{
	g_autofree char *n = g_strdup_printf("%" G_GINT64_FORMAT, mails);
	g_autofree char *size = g_strdup_printf("%" G_GINT64_FORMAT, bytes);

	pm_metrics_count(PM_COUNTER_QUARANTINE_TRIMMED, (guint64)mails);
	pm_log(PM_LOG_WARNING, "quarantine-trimmed", "mails", n, "bytes", size, "reason",
	       "[quarantine] max-age or max-bytes", NULL);
}

static void
read_writer_options(PmWriterOptions *options, const PmConfig *config,
		    const char *conninfo)
{
	pm_store_options_init(&options->store, config, conninfo);
	options->store.moved = note_moved;
	options->store.let_go = note_let_go;
	options->store.trimmed = note_trimmed;
	options->batch_messages =
		(guint)pm_config_number(config, "ingest", "batch-messages");
	options->batch_bytes = (size_t)pm_config_number(config, "ingest", "batch-bytes");
}

static PmWriters *
start_writers(const PmConfig *config, const char *conninfo)
{
	const PmWriterReport report = {
		.stored = note_stored,
		.failed = note_failed,
		.connected = note_connected,
		.lost = note_lost,
		.counted = note_counted,
	};
	PmWriterOptions options;

	read_writer_options(&options, config, conninfo);
	return pm_writers_new((guint)pm_config_number(config, "ingest", "writers"),
			      &options, &report);
}

static void
read_settings(const PmConfig *config, const char *conninfo, gboolean has_tls,
	      PmSettings *settings)
{
	g_autofree char *database = pm_database_token(
		conninfo ? conninfo : pm_config_string(config, "database", "conninfo"));

	const char *hostname = pm_config_string(config, "lmtp", "hostname");

	pm_lmtp_options_init(&settings->lmtp);
	settings->lmtp.hostname =
		*hostname ? hostname : g_intern_string(g_get_host_name());
	settings->lmtp.max_message_size =
		(size_t)pm_config_number(config, "lmtp", "max-message-size");
	settings->lmtp.max_recipients =
		(guint)pm_config_number(config, "lmtp", "max-recipients");
	settings->lmtp.database = g_intern_string(database);
	settings->lmtp.offers_tls = has_tls;
	settings->lmtp.requires_tls =
		has_tls && pm_config_boolean(config, "tls", "require");
	settings->idle_timeout = (guint)pm_config_number(config, "lmtp", "idle-timeout");
	settings->data_timeout = (guint)pm_config_number(config, "lmtp", "data-timeout");
	settings->is_mapped =
		g_str_equal(pm_config_string(config, "routing", "recipients"), "mapped");
	settings->delimiters = pm_config_string(config, "routing", "recipient-delimiter");
}

static gboolean
load_tls(PmService *service, const PmConfig *config, GError **error)
{
	const char *certificate = pm_config_string(config, "tls", "certificate");
	const char *key = pm_config_string(config, "tls", "key");
	const char *client_ca = pm_config_string(config, "tls", "client-ca");

	/* Sessions that have begun may still ask for it. */
	if (*certificate == '\0')
		return TRUE;
	if (service->tls != NULL)
		return pm_tls_reload(service->tls, certificate, key, client_ca, error);
	service->tls = pm_tls_new(certificate, key, client_ca, error);
	return service->tls != NULL;
}

/*
 * As many of the sessions that are wanted as there can be descriptors for. One too many would
 * be the end of all: GLib aborts where it gets none to wake a thread with.
 */
static guint
affordable_sessions(guint wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return wanted;
	if (limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit); /* asked for again below */
		(void)getrlimit(RLIMIT_NOFILE, &limit);
	}
	rlim_t fds = limit.rlim_cur > FDS_SPARE ? limit.rlim_cur - FDS_SPARE : 0;
	guint most = (guint)CLAMP(fds / FDS_PER_SESSION, 1, G_MAXUINT);
	if (most >= wanted)
		return wanted;
	g_autofree char *text = g_strdup_printf("%u", most);
	pm_log(PM_LOG_WARNING, "max-connections-lowered", "to", text, "reason",
	       "too few file descriptors", NULL);
	return most;
}

static gboolean
configure(PmService *service, const PmConfig *config, GError **error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&service->lock);
	g_autoptr(PmAccess) access =
		pm_access_new(pm_config_string(config, "lmtp", "allow"),
			      pm_config_string(config, "lmtp", "socket-peers"), error);

	if (access == NULL || !load_tls(service, config, error))
		return FALSE;
	pm_access_free(service->access);
	service->access = g_steal_pointer(&access);
	gboolean has_tls = *pm_config_string(config, "tls", "certificate") != '\0';
	read_settings(config, service->conninfo, has_tls, &service->settings);
	service->max_sessions = affordable_sessions(
		(guint)pm_config_number(config, "lmtp", "max-connections"));
	return TRUE;
}

PmService *
pm_service_new(const PmConfig *config, const char *conninfo, GError **error)
{
	g_autoptr(PmService) service = g_new0(PmService, 1);

	g_mutex_init(&service->lock);
	g_cond_init(&service->has_ended);
	service->sessions = g_hash_table_new(NULL, NULL);
	service->conninfo = g_strdup(conninfo);
	if (!configure(service, config, error))
		return NULL;
	service->budget =
		pm_budget_new((size_t)pm_config_number(config, "ingest", "memory"));
	service->writers = start_writers(config, conninfo);
	return g_steal_pointer(&service);
}

void
pm_service_free(PmService *service)
{
	if (service == NULL)
		return;
	g_mutex_lock(&service->lock);
	while (service->n_threads > 0)
		g_cond_wait(&service->has_ended, &service->lock);
	g_mutex_unlock(&service->lock);
	pm_writers_free(service->writers);
	pm_budget_free(service->budget);
	pm_tls_free(service->tls);
	pm_access_free(service->access);
	g_hash_table_unref(service->sessions);
	g_free(service->conninfo);
	g_mutex_clear(&service->lock);
	g_cond_clear(&service->has_ended);
	g_free(service);
}

gboolean
pm_service_reload(PmService *service, const PmConfig *config, GError **error)
{
	PmWriterOptions options;

	if (!configure(service, config, error))
		return FALSE;
	pm_budget_set_limit(service->budget,
			    (size_t)pm_config_number(config, "ingest", "memory"));
	read_writer_options(&options, config, service->conninfo);
	pm_writers_configure(service->writers, &options);
	return TRUE;
}

void
pm_service_settings(PmService *service, PmSettings *settings_out)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&service->lock);

	*settings_out = service->settings;
}

PmWriters *
pm_service_writers(PmService *service)
{
	return service->writers;
}

PmBudget *
pm_service_budget(PmService *service)
{
	return service->budget;
}

PmTls *
pm_service_tls(PmService *service)
{
	return service->tls;
}

guint
pm_service_session_count(PmService *service)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&service->lock);

	return g_hash_table_size(service->sessions);
}

static void *
run_session(void *data)
{
	g_autofree PmRun *run = data;
	PmService *service = run->service;

	pm_session_run(run->session);
	pm_metrics_add(PM_GAUGE_CONNECTIONS, -1);
	g_mutex_lock(&service->lock);
	g_hash_table_remove(service->sessions, run->session);
	g_mutex_unlock(&service->lock);
	pm_session_free(run->session);
	/* The last touch of the service: it may be freed once nobody is counted. */
	g_mutex_lock(&service->lock);
	service->n_threads--;
	g_cond_broadcast(&service->has_ended);
	g_mutex_unlock(&service->lock);
	return NULL;
}

static gboolean
start_thread(PmRun *run)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, PM_MAIL_STACK_SIZE);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	gboolean is_started = pthread_create(&thread, &attributes, run_session, run) == 0;
	pthread_attr_destroy(&attributes);
	return is_started;
}

/* 421 or 554 without a thread: a few bytes always fit into a fresh socket's buffer. */
static void
refuse(GSocketConnection *connection, PmLmtpReply reply)
{
	g_autoptr(GString) line = g_string_new(NULL);
	g_autofree char *peer = pm_listen_peer(connection);
	GSocket *socket = g_socket_connection_get_socket(connection);

	pm_metrics_count(reply == PM_LMTP_REPLY_NOT_ALLOWED
				 ? PM_COUNTER_CONNECTIONS_DENIED
				 : PM_COUNTER_CONNECTIONS_REFUSED,
			 1);
	pm_log(PM_LOG_WARNING, "refused", "reason", pm_lmtp_reply_to_string(reply),
	       "peer", peer, NULL);
	pm_lmtp_reply_append(line, reply, NULL);
	(void)g_socket_send_with_blocking(socket, line->str, line->len, FALSE, NULL,
					  NULL);
}

/* Takes its place among the sessions, or is told why not. */
static gboolean
enlist(PmService *service, PmRun *run, GSocketConnection *connection)
{
	guint64 id;

	g_mutex_lock(&service->lock);
	gboolean is_full = g_hash_table_size(service->sessions) >= service->max_sessions;
	gboolean is_stopping = service->is_stopping;
	id = ++service->last_id;
	g_mutex_unlock(&service->lock);
	if (is_full || is_stopping) {
		refuse(connection, is_stopping ? PM_LMTP_REPLY_SHUTTING_DOWN
					       : PM_LMTP_REPLY_TOO_MANY_SESSIONS);
		return FALSE;
	}
	run->session = pm_session_new(service, connection, id);
	g_mutex_lock(&service->lock);
	g_hash_table_add(service->sessions, run->session);
	service->n_threads++;
	g_mutex_unlock(&service->lock);
	return TRUE;
}

void
pm_service_accept(PmService *service, GSocketConnection *connection)
{
	PmRun *run;

	if (!pm_access_admits(service->access, connection)) {
		refuse(connection, PM_LMTP_REPLY_NOT_ALLOWED);
		return;
	}
	run = g_new0(PmRun, 1);
	run->service = service;
	if (!enlist(service, run, connection)) {
		g_free(run);
		return;
	}
	pm_metrics_count(PM_COUNTER_CONNECTIONS, 1);
	pm_metrics_add(PM_GAUGE_CONNECTIONS, 1);
	if (start_thread(run))
		return;
	pm_metrics_add(PM_GAUGE_CONNECTIONS, -1);
	g_mutex_lock(&service->lock);
	g_hash_table_remove(service->sessions, run->session);
	service->n_threads--;
	g_mutex_unlock(&service->lock);
	refuse(connection, PM_LMTP_REPLY_TOO_MANY_SESSIONS);
	pm_session_free(run->session);
	g_free(run);
}

void
pm_service_stop(PmService *service, gboolean force)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&service->lock);
	GHashTableIter iter;
	gpointer session;

	service->is_stopping = TRUE;
	g_hash_table_iter_init(&iter, service->sessions);
	while (g_hash_table_iter_next(&iter, &session, NULL))
		pm_session_stop(session, force);
}
