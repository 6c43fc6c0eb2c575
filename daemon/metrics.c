/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/metrics.h"

#include <stdatomic.h>
#include <string.h>

/*
 * Tables say what there is; the numbers are atomic, apart from those with a project, which
 * live in a hash table behind a lock. A figure may be newer than its neighbour when they are
 * rendered: Prometheus does not mind.
 *
 * Every project is a series of figures at the other end, so their number is bounded, as is
 * that of outcomes.
 */

typedef struct {
	const char *name, *help;
} Metric;

static const Metric counter_metrics[] = {
	[PM_COUNTER_CONNECTIONS] = {"connections_total", "Connections taken."},
	[PM_COUNTER_CONNECTIONS_REFUSED] = {"connections_refused_total",
					    "Connections refused: too many at once."},
	[PM_COUNTER_CONNECTIONS_DENIED] = {"connections_denied_total",
					   "Connections of those who may not."},
	[PM_COUNTER_TLS_FAILURES] = {"tls_failures_total", "TLS handshakes that failed."},
	[PM_COUNTER_MESSAGES] = {"messages_total", "Messages received to their end."},
	[PM_COUNTER_BYTES] = {"message_bytes_total", "Bytes of these messages."},
	[PM_COUNTER_RECIPIENTS] = {"recipients_total", "Recipients accepted."},
	[PM_COUNTER_RECIPIENTS_REFUSED] = {"recipients_refused_total",
					   "Recipients refused."},
	[PM_COUNTER_BAD_COMMANDS] = {"bad_commands_total", "Commands answered with 5xx."},
	[PM_COUNTER_BROKEN_LINES] = {"broken_lines_total",
				     "Mails with a line that was cut at 998 octets."},
	[PM_COUNTER_COMMITS] = {"commits_total", "Batches committed."},
	[PM_COUNTER_RECONNECTS] = {"database_reconnects_total",
				   "Connections to the database made again."},
	[PM_COUNTER_QUARANTINE_TRIMMED] = {"quarantine_trimmed_total",
					   "Mails that left quarantine: too old, or too "
					   "many."},
};

static const Metric gauge_metrics[] = {
	[PM_GAUGE_CONNECTIONS] = {"connections", "Connections open."},
	[PM_GAUGE_QUEUE_MAILS] = {"queue_mails", "Mails received and not answered yet."},
	[PM_GAUGE_QUEUE_BYTES] = {"queue_bytes", "Bytes of these mails."},
	[PM_GAUGE_LAST_COMMIT] = {"last_commit_timestamp_seconds",
				  "When a batch was last committed; 0: not yet."},
	[PM_GAUGE_START_TIME] = {"start_timestamp_seconds", "When this process began."},
	[PM_GAUGE_QUARANTINE] = {"quarantine_mails", "Mails in quarantine."},
	[PM_GAUGE_QUARANTINE_BYTES] = {"quarantine_bytes", "Bytes of these mails."},
	[PM_GAUGE_HELD] = {"held_mails", "Replies that wait for their parent."},
	[PM_GAUGE_DATABASE_UP] = {"database_up", "1 when the last transaction worked."},
};

#define BUCKETS_MAX 16

static const struct {
	Metric metric;
	guint n;
	double limits[BUCKETS_MAX];
} histogram_metrics[] = {
	[PM_HISTOGRAM_LATENCY] = {{"latency_seconds",
				   "Time from the end of the data to the replies."},
				  14,
				  {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
				   0.5, 1, 2.5, 5, 30, 120}},
	[PM_HISTOGRAM_COMMIT] = {{"commit_seconds", "Time a batch took to be stored."},
				 12,
				 {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
				  1, 5, 30}},
	[PM_HISTOGRAM_BATCH_MAILS] = {{"batch_mails", "Mails in a batch."},
				      11,
				      {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024}},
};

static const char *const database_kinds[] = {
	[PM_DATABASE_CONNECTION] = "connection", [PM_DATABASE_LOCK] = "lock",
	[PM_DATABASE_RESOURCES] = "resources",	 [PM_DATABASE_SHUTDOWN] = "shutdown",
	[PM_DATABASE_REFUSED] = "refused",	 [PM_DATABASE_DATA] = "data",
	[PM_DATABASE_OTHER] = "other",
};

static const struct {
	const char *prefix; /* of the SQLSTATE; the first that fits counts */
	PmDatabaseError kind;
} sqlstates[] = {
	{"08", PM_DATABASE_CONNECTION}, {"40", PM_DATABASE_LOCK},
	{"55P03", PM_DATABASE_LOCK},	{"57014", PM_DATABASE_LOCK},
	{"53", PM_DATABASE_RESOURCES},	{"54", PM_DATABASE_RESOURCES},
	{"57", PM_DATABASE_SHUTDOWN},	{"25006", PM_DATABASE_SHUTDOWN},
	{"28", PM_DATABASE_REFUSED},	{"3D000", PM_DATABASE_REFUSED},
	{"42501", PM_DATABASE_REFUSED}, {"22", PM_DATABASE_DATA},
	{"23", PM_DATABASE_DATA},
};

G_STATIC_ASSERT(G_N_ELEMENTS(counter_metrics) == PM_N_COUNTERS);
G_STATIC_ASSERT(G_N_ELEMENTS(gauge_metrics) == PM_N_GAUGES);
G_STATIC_ASSERT(G_N_ELEMENTS(histogram_metrics) == PM_N_HISTOGRAMS);
G_STATIC_ASSERT(G_N_ELEMENTS(database_kinds) == PM_N_DATABASE);

#define OUTCOMES_MAX 32
static const char OTHER[] = "other";

typedef struct {
	_Atomic guint64 buckets[BUCKETS_MAX + 1]; /* the last one: beyond all limits */
	_Atomic guint64 sum;			  /* in millionths */
} Histogram;

static _Atomic guint64 counters[PM_N_COUNTERS];
static _Atomic gint64 gauges[PM_N_GAUGES];
static _Atomic guint64 database_errors[PM_N_DATABASE];
static Histogram histograms[PM_N_HISTOGRAMS];

static struct {
	GMutex lock;
	GHashTable *projects; /* name -> guint64[OUTCOMES_MAX + 1] */
	const char *outcomes[OUTCOMES_MAX];
	guint n_outcomes;
} mails;

void
pm_metrics_count(PmCounter counter, guint64 n)
{
	atomic_fetch_add(&counters[counter], n);
}

guint64
pm_metrics_counter(PmCounter counter)
{
	return atomic_load(&counters[counter]);
}

void
pm_metrics_set(PmGauge gauge, gint64 value)
{
	atomic_store(&gauges[gauge], value);
}

void
pm_metrics_add(PmGauge gauge, gint64 difference)
{
	atomic_fetch_add(&gauges[gauge], difference);
}

gint64
pm_metrics_gauge(PmGauge gauge)
{
	return atomic_load(&gauges[gauge]);
}

void
pm_metrics_observe(PmHistogram histogram, double value)
{
	/* So that the sum of ten million of the largest stays within 64 bits. */
	double known = value > 0 ? MIN(value, 1e6) : 0;
	guint i = 0;

	while (i < histogram_metrics[histogram].n &&
	       known > histogram_metrics[histogram].limits[i])
		i++;
	atomic_fetch_add(&histograms[histogram].buckets[i], 1);
	atomic_fetch_add(&histograms[histogram].sum, (guint64)(known * 1e6 + 0.5));
}

void
pm_metrics_database_error(PmDatabaseError kind)
{
	atomic_fetch_add(&database_errors[kind], 1);
}

PmDatabaseError
pm_metrics_database_kind(const char *sqlstate)
{
	if (sqlstate == NULL || *sqlstate == '\0')
		return PM_DATABASE_CONNECTION;
	for (guint i = 0; i < G_N_ELEMENTS(sqlstates); i++)
		if (g_str_has_prefix(sqlstate, sqlstates[i].prefix))
			return sqlstates[i].kind;
	return PM_DATABASE_OTHER;
}

/* Called with the lock held, like what follows. */
static guint
outcome_index(const char *outcome)
{
	for (guint i = 0; i < mails.n_outcomes; i++)
		if (g_str_equal(mails.outcomes[i], outcome))
			return i;
	if (mails.n_outcomes == OUTCOMES_MAX)
		return OUTCOMES_MAX;
	mails.outcomes[mails.n_outcomes] = g_intern_string(outcome);
	return mails.n_outcomes++;
}

static guint64 *
project_counters(const char *project)
{
	g_autofree char *name = g_utf8_make_valid(
		project, (gssize)strnlen(project, PM_METRICS_LABEL_MAX));

	if (mails.projects == NULL)
		mails.projects =
			g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	guint64 *known = g_hash_table_lookup(mails.projects, name);
	if (known != NULL)
		return known;
	if (g_hash_table_size(mails.projects) >= PM_METRICS_PROJECTS_MAX) {
		g_free(name);
		name = g_strdup(OTHER);
		known = g_hash_table_lookup(mails.projects, name);
	}
	if (known == NULL) {
		known = g_new0(guint64, OUTCOMES_MAX + 1);
		g_hash_table_insert(mails.projects, g_steal_pointer(&name), known);
	}
	return known;
}

void
pm_metrics_mail(const char *project, const char *outcome)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&mails.lock);

	project_counters(project ? project : "")[outcome_index(outcome)]++;
}

static void
render_head(GString *out, const Metric *metric, const char *type)
{
	g_string_append_printf(out,
			       "# HELP patchmail_%s %s\n"
			       "# TYPE patchmail_%s %s\n",
			       metric->name, metric->help, metric->name, type);
}

/* Numbers have a point, whatever the locale. */
static void
append_double(GString *out, double value)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append(out, g_ascii_formatd(text, sizeof text, "%.15g", value));
}

static void
render_histogram(GString *out, PmHistogram which)
{
	const Metric *metric = &histogram_metrics[which].metric;
	guint64 count = 0;

	render_head(out, metric, "histogram");
	for (guint i = 0; i <= histogram_metrics[which].n; i++) {
		count += atomic_load(&histograms[which].buckets[i]);
		g_string_append_printf(out, "patchmail_%s_bucket{le=\"", metric->name);
		if (i < histogram_metrics[which].n)
			append_double(out, histogram_metrics[which].limits[i]);
		else
			g_string_append(out, "+Inf");
		g_string_append_printf(out, "\"} %" G_GUINT64_FORMAT "\n", count);
	}
	g_string_append_printf(out, "patchmail_%s_sum ", metric->name);
	append_double(out, (double)atomic_load(&histograms[which].sum) / 1e6);
	g_string_append_printf(out, "\npatchmail_%s_count %" G_GUINT64_FORMAT "\n",
			       metric->name, count);
}

static void
append_label(GString *out, const char *value)
{
	for (const char *at = value; *at != '\0'; at++) {
		if (*at == '\n') {
			g_string_append(out, "\\n");
			continue;
		}
		if (*at == '"' || *at == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *at);
	}
}

static void
render_project(GString *out, const char *project, const guint64 *counts)
{
	for (guint i = 0; i <= OUTCOMES_MAX; i++) {
		if (counts[i] == 0)
			continue;
		g_string_append(out, "patchmail_mails_total{project=\"");
		append_label(out, project);
		g_string_append(out, "\",outcome=\"");
		append_label(out, i < OUTCOMES_MAX ? mails.outcomes[i] : OTHER);
		g_string_append_printf(out, "\"} %" G_GUINT64_FORMAT "\n", counts[i]);
	}
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

static void
render_mails(GString *out)
{
	static const Metric metric = {"mails_total",
				      "Mails by project and by what became of them."};
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&mails.lock);
	g_autoptr(GList) names = NULL;

	render_head(out, &metric, "counter");
	if (mails.projects == NULL)
		return;
	names = g_list_sort(g_hash_table_get_keys(mails.projects), compare_names);
	for (GList *link = names; link != NULL; link = link->next)
		render_project(out, link->data,
			       g_hash_table_lookup(mails.projects, link->data));
}

static void
render_database_errors(GString *out)
{
	static const Metric metric = {"database_errors_total",
				      "Errors of the database by kind."};

	render_head(out, &metric, "counter");
	for (guint i = 0; i < PM_N_DATABASE; i++)
		g_string_append_printf(
			out,
			"patchmail_database_errors_total{kind=\"%s\"} %" G_GUINT64_FORMAT
			"\n",
			database_kinds[i], atomic_load(&database_errors[i]));
}

char *
pm_metrics_render(void)
{
	g_autoptr(GString) out = g_string_sized_new(8192);

	render_mails(out);
	render_database_errors(out);
	for (guint i = 0; i < PM_N_COUNTERS; i++) {
		render_head(out, &counter_metrics[i], "counter");
		g_string_append_printf(out, "patchmail_%s %" G_GUINT64_FORMAT "\n",
				       counter_metrics[i].name,
				       pm_metrics_counter((PmCounter)i));
	}
	for (guint i = 0; i < PM_N_GAUGES; i++) {
		render_head(out, &gauge_metrics[i], "gauge");
		g_string_append_printf(out, "patchmail_%s %" G_GINT64_FORMAT "\n",
				       gauge_metrics[i].name,
				       pm_metrics_gauge((PmGauge)i));
	}
	for (guint i = 0; i < PM_N_HISTOGRAMS; i++)
		render_histogram(out, (PmHistogram)i);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

void
pm_metrics_reset(void)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&mails.lock);

	for (guint i = 0; i < PM_N_COUNTERS; i++)
		atomic_store(&counters[i], 0);
	for (guint i = 0; i < PM_N_GAUGES; i++)
		atomic_store(&gauges[i], 0);
	for (guint i = 0; i < PM_N_DATABASE; i++)
		atomic_store(&database_errors[i], 0);
	for (guint i = 0; i < PM_N_HISTOGRAMS; i++) {
		for (guint j = 0; j <= BUCKETS_MAX; j++)
			atomic_store(&histograms[i].buckets[j], 0);
		atomic_store(&histograms[i].sum, 0);
	}
	g_clear_pointer(&mails.projects, g_hash_table_unref);
	mails.n_outcomes = 0;
}
