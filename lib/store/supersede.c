/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

/*
 * The policy Superseded: the statement knows what is to be done; here is only said which
 * series to look at. Nothing is sent where no project of the batch wants it.
 */

static gboolean
is_wanted(const PmBatch *batch)
{
	guint n;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);

	for (guint i = 0; i < n; i++)
		for (guint k = 0; projects[i]->supersedes && k < batch->all_series->len;
		     k++)
			if (((PmSeriesRow *)batch->all_series->pdata[k])->project_id ==
			    projects[i]->id)
				return TRUE;
	return FALSE;
}

PmParams *
pm_batch_superseding(const PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_INT4};
	PmParams *params = pm_columns_new(types, 1);

	if (!is_wanted(batch))
		return params;
	for (guint i = 0; i < batch->all_series->len; i++) {
		const PmSeriesRow *series = g_ptr_array_index(batch->all_series, i);

		if (!series->is_given_up)
			pm_params_add_int(params, 0, series->id);
		if (series->supersedes != NULL)
			pm_params_add_int(params, 0, series->supersedes->id);
		if (series->was_supersedes_id != 0)
			pm_params_add_int(params, 0, series->was_supersedes_id);
	}
	return params;
}
