/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/log.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "daemon/logline.h"

/*
 * Where lines go. The journal takes datagrams of FIELD=value lines, which work because a
 * line of ours has no line end within. stderr gets "<N>" in front where the journal reads
 * it, and otherwise a time and the level, which the journal would know by itself.
 *
 * A fault that comes with every mail must not fill the disk: lines are counted by event, and
 * beyond a burst, a small one at warning and error, only counted.
 */

#define JOURNAL_SOCKET "/run/systemd/journal/socket"
#define IDENTIFIER "patchmaild"
#define LIMITS_MAX 64

typedef struct {
	const char *event, *kind;
	gint64 since; /* monotonic: when the window began */
	guint n, suppressed;
	PmLogLevel level; /* of what was suppressed last */
} Limit;

static struct {
	GMutex lock; /* of all but level */
	int level;   /* atomic */
	int journal; /* or -1 */
	struct sockaddr_un journal_address;
	gboolean is_stderr_journal;
	Limit limits[LIMITS_MAX];
	guint n_limits;
} state = {.level = PM_LOG_INFO, .journal = -1};

static const struct {
	const char *name;
	int priority;
} levels[] = {
	[PM_LOG_ERROR] = {"error", LOG_ERR},
	[PM_LOG_WARNING] = {"warning", LOG_WARNING},
	[PM_LOG_INFO] = {"info", LOG_INFO},
	[PM_LOG_DEBUG] = {"debug", LOG_DEBUG},
};

static const char *const targets[] = {
	[PM_LOG_AUTO] = "auto",
	[PM_LOG_JOURNAL] = "journal",
	[PM_LOG_STDERR] = "stderr",
};

PmLogLevel
pm_log_level_from_string(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(levels); i++)
		if (g_strcmp0(levels[i].name, name) == 0)
			return (PmLogLevel)i;
	return PM_LOG_INFO;
}

const char *
pm_log_level_to_string(PmLogLevel level)
{
	return levels[level].name;
}

PmLogTarget
pm_log_target_from_string(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(targets); i++)
		if (g_strcmp0(targets[i], name) == 0)
			return (PmLogTarget)i;
	return PM_LOG_AUTO;
}

gboolean
pm_log_is_enabled(PmLogLevel level)
{
	return (int)level <= g_atomic_int_get(&state.level);
}

/* systemd says in JOURNAL_STREAM which file it gave us as stderr; it may be another by
 * now. */
static gboolean
is_stderr_journal(void)
{
	const char *stream = g_getenv("JOURNAL_STREAM");
	struct stat status;

	if (stream == NULL || fstat(STDERR_FILENO, &status) != 0)
		return FALSE;
	g_autofree char *own =
		g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
				(guint64)status.st_dev, (guint64)status.st_ino);
	return g_str_equal(stream, own);
}

static gboolean
send_to_journal(const char *line, PmLogLevel level)
{
	g_autofree char *datagram = g_strdup_printf(
		"PRIORITY=%d\nSYSLOG_IDENTIFIER=" IDENTIFIER "\nMESSAGE=%s\n",
		levels[level].priority, line);

	return sendto(state.journal, datagram, strlen(datagram),
		      MSG_NOSIGNAL | MSG_DONTWAIT,
		      (const struct sockaddr *)&state.journal_address,
		      sizeof state.journal_address) >= 0;
}

static void
write_to_stderr(const char *line, PmLogLevel level)
{
	g_autofree char *text = NULL;

	if (state.is_stderr_journal) {
		text = g_strdup_printf("<%d>%s\n", levels[level].priority, line);
	} else {
		g_autoptr(GDateTime) now = g_date_time_new_now_utc();
		g_autofree char *seconds = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S");

		text = g_strdup_printf("time=%s.%03dZ level=%s %s\n", seconds,
				       g_date_time_get_microsecond(now) / 1000,
				       levels[level].name, line);
	}
	/* One write, so that lines of several processes do not mix. Where stderr is
	 * closed, there is nobody to tell. */
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return;
}

/* Called with the lock held. */
static void
emit(const char *line, PmLogLevel level)
{
	if (state.journal >= 0 && send_to_journal(line, level))
		return;
	write_to_stderr(line, level);
}

/* What is limited together. */
typedef struct {
	const char *event, *kind; /* kind is the event where it has no other */
	guint burst;
} Flow;

/* NULL: more events than there is room for, which are not limited then. */
static Limit *
find_limit(const Flow *flow)
{
	for (guint i = 0; i < state.n_limits; i++)
		if (g_str_equal(state.limits[i].kind, flow->kind))
			return &state.limits[i];
	if (state.n_limits == LIMITS_MAX)
		return NULL;
	state.limits[state.n_limits] = (Limit){.event = g_intern_string(flow->event),
					       .kind = g_intern_string(flow->kind)};
	return &state.limits[state.n_limits++];
}

static gboolean
is_window_over(const Limit *limit)
{
	return g_get_monotonic_time() - limit->since >= PM_LOG_WINDOW * G_USEC_PER_SEC;
}

/* Whether the line may be written; then *suppressed_out is how many before it may not. */
static gboolean
is_within_limit(const Flow *flow, PmLogLevel level, guint *suppressed_out)
{
	Limit *limit = find_limit(flow);

	*suppressed_out = 0;
	if (limit == NULL)
		return TRUE;
	if (is_window_over(limit)) {
		*suppressed_out = limit->suppressed;
		limit->since = g_get_monotonic_time();
		limit->n = limit->suppressed = 0;
	}
	if (limit->n++ < flow->burst)
		return TRUE;
	limit->suppressed++;
	limit->level = level;
	return FALSE;
}

static void
add_number(GString *line, const char *key, guint number)
{
	char text[16];

	g_snprintf(text, sizeof text, "%u", number);
	pm_logline_add(line, key, text);
}

static void
log_pairs(PmLogLevel level, const Flow *flow, va_list arguments)
{
	g_autoptr(GString) line = NULL;
	guint suppressed;
	const char *key;

	if (!pm_log_is_enabled(level))
		return;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&state.lock);
	if (!is_within_limit(flow, level, &suppressed))
		return;
	line = g_string_sized_new(256);
	pm_logline_add(line, "event", flow->event);
	while ((key = va_arg(arguments, const char *)) != NULL) {
		const char *value = va_arg(arguments, const char *);

		if (value != NULL)
			pm_logline_add(line, key, value);
	}
	if (suppressed > 0)
		add_number(line, "suppressed", suppressed);
	emit(line->str, level);
}

static guint
burst_of(PmLogLevel level)
{
	return level <= PM_LOG_WARNING ? PM_LOG_BURST : PM_LOG_BURST_INFO;
}

void
pm_log(PmLogLevel level, const char *event, ...)
{
	const Flow flow = {event, event, burst_of(level)};
	va_list arguments;

	va_start(arguments, event);
	log_pairs(level, &flow, arguments);
	va_end(arguments);
}

void
pm_log_some(PmLogLevel level, const char *event, const char *kind, ...)
{
	const Flow flow = {event, kind ? kind : event,
			   kind ? PM_LOG_BURST_SOME : burst_of(level)};
	va_list arguments;

	va_start(arguments, kind);
	log_pairs(level, &flow, arguments);
	va_end(arguments);
}

static PmLogLevel
level_of_glib(GLogLevelFlags flags)
{
	if (flags & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
		return PM_LOG_ERROR;
	if (flags & G_LOG_LEVEL_WARNING)
		return PM_LOG_WARNING;
	return flags & G_LOG_LEVEL_DEBUG ? PM_LOG_DEBUG : PM_LOG_INFO;
}

/* (transfer full) (nullable) */
static char *
log_field(const GLogField *fields, gsize n_fields, const char *key)
{
	for (gsize i = 0; i < n_fields; i++) {
		if (!g_str_equal(fields[i].key, key))
			continue;
		return fields[i].length < 0
			       ? g_strdup(fields[i].value)
			       : g_strndup(fields[i].value, (gsize)fields[i].length);
	}
	return NULL;
}

static GLogWriterOutput
write_glib_message(GLogLevelFlags flags, const GLogField *fields, gsize n_fields,
		   gpointer user_data)
{
	g_autofree char *message = log_field(fields, n_fields, "MESSAGE");
	g_autofree char *domain = log_field(fields, n_fields, "GLIB_DOMAIN");

	(void)user_data;
	/* The last words have a name of their own, so that no limit swallows them. */
	pm_log(level_of_glib(flags), flags & G_LOG_FLAG_FATAL ? "fatal" : "glib",
	       "domain", domain, "message", message, NULL);
	return G_LOG_WRITER_HANDLED;
}

/* Sockets are opened here once, since a process out of descriptors has much to log. */
static void
open_journal(const char *path)
{
	size_t len = strlen(path);

	memset(&state.journal_address, 0, sizeof state.journal_address);
	state.journal_address.sun_family = AF_UNIX;
	if (len >= sizeof state.journal_address.sun_path || access(path, W_OK) != 0)
		return;
	memcpy(state.journal_address.sun_path, path, len);
	state.journal = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static void
close_journal(void)
{
	if (state.journal >= 0)
		close(state.journal);
	state.journal = -1;
}

void
pm_log_init(const PmLogOptions *options)
{
	static gsize is_writer_set = 0;
	const PmLogOptions fallback = {.level = PM_LOG_INFO, .target = PM_LOG_STDERR};
	const PmLogOptions *chosen = options ? options : &fallback;

	g_mutex_lock(&state.lock);
	close_journal();
	state.is_stderr_journal = is_stderr_journal();
	if (chosen->target == PM_LOG_JOURNAL ||
	    (chosen->target == PM_LOG_AUTO && state.is_stderr_journal))
		open_journal(chosen->journal ? chosen->journal : JOURNAL_SOCKET);
	g_atomic_int_set(&state.level, (int)chosen->level);
	g_mutex_unlock(&state.lock);
	if (g_once_init_enter(&is_writer_set)) {
		g_log_set_writer_func(write_glib_message, NULL, NULL);
		g_once_init_leave(&is_writer_set, 1);
	}
}

/* Called with the lock held. */
static void
tell_suppressed(Limit *limit)
{
	g_autoptr(GString) line = g_string_new(NULL);

	if (limit->suppressed == 0)
		return;
	pm_logline_add(line, "event", limit->event);
	if (limit->kind != limit->event)
		pm_logline_add(line, "kind", limit->kind);
	add_number(line, "suppressed", limit->suppressed);
	emit(line->str, limit->level);
	limit->suppressed = 0;
}

void
pm_log_tick(void)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&state.lock);

	for (guint i = 0; i < state.n_limits; i++)
		if (is_window_over(&state.limits[i]))
			tell_suppressed(&state.limits[i]);
}

void
pm_log_close(void)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&state.lock);

	for (guint i = 0; i < state.n_limits; i++)
		tell_suppressed(&state.limits[i]);
	state.n_limits = 0;
	close_journal();
}
