/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/store/batch.h"

/*
 * A batch without mails, in which somebody says what goes where, instead of the
 * correlator. Internal to lib/store.
 */

/* Begins a transaction, locks the project, loads the clusters of these series (of int), which
 * become one, and puts each mail where it is. PM_ERROR_PERMANENT_INPUT where a mail of
 * them has not been met yet. */
gboolean pm_arrange_load(PmBatch *batch, int project_id, const GArray *series_ids,
			 GError **error);

/* Sets PM_ERROR_PERMANENT_INPUT; returns FALSE. */
gboolean pm_arrange_refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The row of a series that was loaded, or NULL. */
PmSeriesRow *pm_arrange_series(const PmBatch *batch, int id);

/* The mail that has that number in a series now (0: its cover), or NULL. */
PmNode *pm_arrange_at(const PmBatch *batch, const PmSeriesRow *series, int number);
/* Any mail of the series, the cover or the first patch if there is one; or NULL. */
PmNode *pm_arrange_lead(const PmBatch *batch, const PmSeriesRow *series);

void pm_arrange_place(PmNode *node, PmSeriesRow *series, int number);

/* Fills the rows after all is placed; what pointed to a series that is empty now points to
 * heir (nullable). Then the batch goes on with pm_batch_plan_events(). */
void pm_arrange_finish(PmBatch *batch, PmSeriesRow *heir);
