/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/summary.h"

/* The summary: what it counts. What it prints is seen in the tests of replay. */

static void
test_counts(void)
{
	static const struct {
		PmOutcome outcome;
		int series_id;
		guint64 size;
	} mails[] = {
		{PM_OUTCOME_COVER, 1, 100},	   {PM_OUTCOME_PATCH, 1, 200},
		{PM_OUTCOME_PATCH, 1, 300},	   {PM_OUTCOME_PATCH, 2, 400},
		{PM_OUTCOME_COMMENT, 0, 50},	   {PM_OUTCOME_HELD, 0, 1},
		{PM_OUTCOME_KNOWN, 0, 1},	   {PM_OUTCOME_IGNORED, 0, 1},
		{PM_OUTCOME_QUARANTINED, 0, 1000},
	};
	g_auto(PmSummary) summary = {0};

	pm_summary_init(&summary);
	for (guint i = 0; i < G_N_ELEMENTS(mails); i++) {
		PmEntry entry = {
			.outcome = mails[i].outcome,
			.series_id = mails[i].series_id,
			.size = mails[i].size,
		};

		pm_summary_add(&summary, &entry);
	}
	g_assert_cmpuint(summary.mails, ==, G_N_ELEMENTS(mails));
	g_assert_cmpuint(summary.bytes, ==, 2053);
	g_assert_cmpuint(summary.outcomes[PM_OUTCOME_PATCH], ==, 3);
	g_assert_cmpuint(summary.outcomes[PM_OUTCOME_COVER], ==, 1);
	g_assert_cmpuint(summary.outcomes[PM_OUTCOME_QUARANTINED], ==, 1);
	g_assert_cmpuint(g_hash_table_size(summary.series), ==, 2);
	g_assert_cmpfloat(pm_summary_seconds(&summary), >=, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/summary/counts", test_counts);
	return g_test_run();
}
