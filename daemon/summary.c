/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/summary.h"

#include <stdio.h>

static const struct {
	PmOutcome outcome;
	const char *name;
} kinds[] = {
	{PM_OUTCOME_PATCH, "patches"},
	{PM_OUTCOME_COVER, "covers"},
	{PM_OUTCOME_COMMENT, "comments"},
	{PM_OUTCOME_HELD, "held"},
	{PM_OUTCOME_KNOWN, "known"},
	{PM_OUTCOME_IGNORED, "ignored"},
	{PM_OUTCOME_QUARANTINED, "quarantined"},
};

void
pm_summary_init(PmSummary *summary)
{
	*summary = (PmSummary){
		.series = g_hash_table_new(NULL, NULL),
		.started = g_get_monotonic_time(),
	};
}

void
pm_summary_clear(PmSummary *summary)
{
	g_clear_pointer(&summary->series, g_hash_table_unref);
}

void
pm_summary_add(PmSummary *summary, const PmEntry *entry)
{
	summary->mails++;
	summary->bytes += entry->size;
	summary->outcomes[entry->outcome]++;
	if (entry->series_id != 0)
		g_hash_table_add(summary->series, GINT_TO_POINTER(entry->series_id));
}

double
pm_summary_seconds(const PmSummary *summary)
{
	return (double)(g_get_monotonic_time() - summary->started) / G_USEC_PER_SEC;
}

char *
pm_summary_line(const PmSummary *summary)
{
	GString *line = g_string_new(NULL);

	g_string_append_printf(line, "mails=%" G_GUINT64_FORMAT, summary->mails);
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (summary->outcomes[kinds[i].outcome] > 0)
			g_string_append_printf(line, " %s=%" G_GUINT64_FORMAT,
					       kinds[i].name,
					       summary->outcomes[kinds[i].outcome]);
	return g_string_free(line, FALSE);
}

static void
print_json(const PmSummary *summary)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();

	json_builder_begin_object(builder);
	pm_json_number(builder, "mails", (gint64)summary->mails);
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		pm_json_number(builder, kinds[i].name,
			       (gint64)summary->outcomes[kinds[i].outcome]);
	pm_json_number(builder, "series", g_hash_table_size(summary->series));
	pm_json_number(builder, "bytes", (gint64)summary->bytes);
	json_builder_set_member_name(builder, "seconds");
	json_builder_add_double_value(builder, pm_summary_seconds(summary));
	json_builder_end_object(builder);
	pm_print_json(builder);
}

void
pm_summary_print(const PmSummary *summary, gboolean json)
{
	double seconds = pm_summary_seconds(summary);

	if (json) {
		print_json(summary);
		return;
	}
	printf("%-12s %10" G_GUINT64_FORMAT "\n", "mails", summary->mails);
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		printf("%-12s %10" G_GUINT64_FORMAT "\n", kinds[i].name,
		       summary->outcomes[kinds[i].outcome]);
	printf("%-12s %10u\n", "series", g_hash_table_size(summary->series));
	printf("%-12s %10.1f MB\n", "bytes", (double)summary->bytes / 1e6);
	printf("%-12s %10.2f (%.0f mails/s)\n", "seconds", seconds,
	       seconds > 0 ? (double)summary->mails / seconds : 0.0);
}
