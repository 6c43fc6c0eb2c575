/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/metrics.h"

#include <math.h>
#include <string.h>

static void
assert_line(const char *text, const char *want)
{
	g_autofree char *line = g_strdup_printf("\n%s\n", want);

	if (strstr(text, line) == NULL)
		g_error("want the line %s, got:\n%s", want, text);
}

static void
test_fixed(void)
{
	pm_metrics_reset();
	pm_metrics_count(PM_COUNTER_CONNECTIONS, 3);
	pm_metrics_count(PM_COUNTER_BYTES, G_GUINT64_CONSTANT(5000000000));
	pm_metrics_add(PM_GAUGE_CONNECTIONS, 2);
	pm_metrics_add(PM_GAUGE_CONNECTIONS, -1);
	pm_metrics_set(PM_GAUGE_LAST_COMMIT, 1700000000);
	pm_metrics_database_error(PM_DATABASE_LOCK);
	g_assert_cmpuint(pm_metrics_counter(PM_COUNTER_CONNECTIONS), ==, 3);
	g_assert_cmpint(pm_metrics_gauge(PM_GAUGE_CONNECTIONS), ==, 1);
	g_autofree char *text = pm_metrics_render();
	assert_line(text, "# TYPE patchmail_connections_total counter");
	assert_line(text, "# HELP patchmail_connections_total Connections taken.");
	assert_line(text, "patchmail_connections_total 3");
	assert_line(text, "patchmail_message_bytes_total 5000000000");
	assert_line(text, "# TYPE patchmail_connections gauge");
	assert_line(text, "patchmail_connections 1");
	assert_line(text, "patchmail_last_commit_timestamp_seconds 1700000000");
	assert_line(text, "patchmail_database_errors_total{kind=\"lock\"} 1");
	assert_line(text, "patchmail_database_errors_total{kind=\"other\"} 0");
}

/* Each line is a comment, or a name, perhaps labels, a blank and a number; each name has
 * one HELP and one TYPE. */
static void
test_format(void)
{
	g_autoptr(GHashTable) types =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GRegex) sample = g_regex_new("^patchmail_[a-z_]+(\\{([a-z]+=\"([^"
					       "\"\\\\]|\\\\.)*\",?)+\\})? -?[0-9.e+]+$",
					       0, 0, NULL);

	pm_metrics_reset();
	pm_metrics_mail("a\"b\\c\nd", "patch");
	pm_metrics_observe(PM_HISTOGRAM_LATENCY, 0.0042);
	g_autofree char *text = pm_metrics_render();
	g_assert_true(g_str_has_suffix(text, "\n"));
	text[strlen(text) - 1] = '\0';
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		if (g_str_has_prefix(*line, "# TYPE ") &&
		    !g_hash_table_add(types, g_strdup(*line)))
			g_error("twice: %s", *line);
		if (**line != '#' && !g_regex_match(sample, *line, 0, NULL))
			g_error("no sample: %s", *line);
	}
	g_assert_cmpuint(g_hash_table_size(types), ==,
			 2 + PM_N_COUNTERS + PM_N_GAUGES + PM_N_HISTOGRAMS);
}

static const struct {
	const char *name, *project, *outcome, *want;
} labels[] = {
	{"plain", "linux-x", "patch", "{project=\"linux-x\",outcome=\"patch\"} 1"},
	{"none", NULL, "ignored", "{project=\"\",outcome=\"ignored\"} 1"},
	{"a quote", "a\"b", "patch", "{project=\"a\\\"b\",outcome=\"patch\"} 1"},
	{"a backslash", "a\\b", "patch", "{project=\"a\\\\b\",outcome=\"patch\"} 1"},
	{"a line end", "a\nb", "patch", "{project=\"a\\nb\",outcome=\"patch\"} 1"},
	{"no UTF-8", "a\xff", "patch", "{project=\"a\xef\xbf\xbd\",outcome=\"patch\"} 1"},
};

static void
test_labels(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(labels); i++) {
		g_autofree char *want =
			g_strconcat("patchmail_mails_total", labels[i].want, NULL);

		pm_metrics_reset();
		pm_metrics_mail(labels[i].project, labels[i].outcome);
		g_autofree char *text = pm_metrics_render();
		if (strstr(text, want) == NULL)
			g_error("%s: want %s, got:\n%.600s", labels[i].name, want, text);
	}
}

static void
test_label_length(void)
{
	for (size_t len = PM_METRICS_LABEL_MAX; len <= PM_METRICS_LABEL_MAX + 1; len++) {
		g_autofree char *project = g_strnfill(len, 'p');
		g_autofree char *cut = g_strnfill(PM_METRICS_LABEL_MAX, 'p');
		g_autofree char *want = g_strdup_printf("{project=\"%s\",", cut);

		pm_metrics_reset();
		pm_metrics_mail(project, "patch");
		g_autofree char *text = pm_metrics_render();
		g_assert_nonnull(strstr(text, want));
	}
}

/* Strangers' projects and outcomes take a bounded number of series. */
static void
test_bounds(void)
{
	pm_metrics_reset();
	for (guint i = 0; i < PM_METRICS_PROJECTS_MAX + 5; i++) {
		g_autofree char *project = g_strdup_printf("p%u", i);

		pm_metrics_mail(project, "patch");
	}
	for (guint i = 0; i < 40; i++) {
		g_autofree char *outcome = g_strdup_printf("o%u", i);

		pm_metrics_mail("p0", outcome);
	}
	g_autofree char *text = pm_metrics_render();
	assert_line(text, "patchmail_mails_total{project=\"p255\",outcome=\"patch\"} 1");
	assert_line(text, "patchmail_mails_total{project=\"other\",outcome=\"patch\"} 5");
	g_assert_null(strstr(text, "\"p256\""));
	assert_line(text, "patchmail_mails_total{project=\"p0\",outcome=\"o30\"} 1");
	assert_line(text, "patchmail_mails_total{project=\"p0\",outcome=\"other\"} 9");
}

static void
test_histogram(void)
{
	pm_metrics_reset();
	pm_metrics_observe(PM_HISTOGRAM_BATCH_MAILS, 1);
	pm_metrics_observe(PM_HISTOGRAM_BATCH_MAILS, 2.5);
	pm_metrics_observe(PM_HISTOGRAM_BATCH_MAILS, 4);
	pm_metrics_observe(PM_HISTOGRAM_BATCH_MAILS, 5000);
	pm_metrics_observe(PM_HISTOGRAM_BATCH_MAILS, -1);
	pm_metrics_observe(PM_HISTOGRAM_BATCH_MAILS, NAN);
	g_autofree char *text = pm_metrics_render();
	assert_line(text, "# TYPE patchmail_batch_mails histogram");
	assert_line(text, "patchmail_batch_mails_bucket{le=\"1\"} 3");
	assert_line(text, "patchmail_batch_mails_bucket{le=\"2\"} 3");
	assert_line(text, "patchmail_batch_mails_bucket{le=\"4\"} 5");
	assert_line(text, "patchmail_batch_mails_bucket{le=\"1024\"} 5");
	assert_line(text, "patchmail_batch_mails_bucket{le=\"+Inf\"} 6");
	assert_line(text, "patchmail_batch_mails_sum 5007.5");
	assert_line(text, "patchmail_batch_mails_count 6");
	assert_line(text, "patchmail_latency_seconds_bucket{le=\"0.0025\"} 0");
}

static void
test_database_kinds(void)
{
	static const struct {
		const char *sqlstate;
		PmDatabaseError want;
	} cases[] = {
		{NULL, PM_DATABASE_CONNECTION},	   {"", PM_DATABASE_CONNECTION},
		{"08006", PM_DATABASE_CONNECTION}, {"40P01", PM_DATABASE_LOCK},
		{"40001", PM_DATABASE_LOCK},	   {"55P03", PM_DATABASE_LOCK},
		{"55006", PM_DATABASE_OTHER},	   {"57014", PM_DATABASE_LOCK},
		{"57P01", PM_DATABASE_SHUTDOWN},   {"25006", PM_DATABASE_SHUTDOWN},
		{"25P02", PM_DATABASE_OTHER},	   {"53100", PM_DATABASE_RESOURCES},
		{"54000", PM_DATABASE_RESOURCES},  {"22021", PM_DATABASE_DATA},
		{"23505", PM_DATABASE_DATA},	   {"42P01", PM_DATABASE_OTHER},
		{"28P01", PM_DATABASE_REFUSED},	   {"3D000", PM_DATABASE_REFUSED},
		{"42501", PM_DATABASE_REFUSED},	   {"53300", PM_DATABASE_RESOURCES},
		{"X", PM_DATABASE_OTHER},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		PmDatabaseError got = pm_metrics_database_kind(cases[i].sqlstate);

		if (got != cases[i].want)
			g_error("%s: want %d, got %d", cases[i].sqlstate, cases[i].want,
				got);
	}
}

static gpointer
count_much(gpointer data)
{
	(void)data;
	for (guint i = 0; i < 10000; i++) {
		pm_metrics_count(PM_COUNTER_MESSAGES, 1);
		pm_metrics_mail("linux-x", "patch");
		pm_metrics_observe(PM_HISTOGRAM_BATCH_MAILS, 1);
	}
	return NULL;
}

static void
test_threads(void)
{
	GThread *threads[8];

	pm_metrics_reset();
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("count", count_much, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		(void)g_thread_join(threads[i]);
	g_autofree char *text = pm_metrics_render();
	assert_line(text, "patchmail_messages_total 80000");
	assert_line(text,
		    "patchmail_mails_total{project=\"linux-x\",outcome=\"patch\"} 80000");
	assert_line(text, "patchmail_batch_mails_sum 80000");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/metrics/fixed", test_fixed);
	g_test_add_func("/metrics/format", test_format);
	g_test_add_func("/metrics/labels", test_labels);
	g_test_add_func("/metrics/label-length", test_label_length);
	g_test_add_func("/metrics/bounds", test_bounds);
	g_test_add_func("/metrics/histogram", test_histogram);
	g_test_add_func("/metrics/database-kinds", test_database_kinds);
	g_test_add_func("/metrics/threads", test_threads);
	int status = g_test_run();
	pm_metrics_reset();
	return status;
}
