/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

static void
free_series(gpointer data)
{
	PmSeriesRow *series = data;

	g_ptr_array_unref(series->patches);
	g_ptr_array_unref(series->was_patches);
	g_free(series);
}

static void
free_rehomed(gpointer data)
{
	PmRehomed *rehomed = data;

	g_free(rehomed->msgid);
	g_strfreev(rehomed->refs);
	g_free(rehomed);
}

PmSeriesRow *
pm_batch_add_series(PmBatch *batch, int project_id)
{
	PmSeriesRow *series = g_new0(PmSeriesRow, 1);

	series->project_id = project_id;
	series->patches = g_ptr_array_new();
	series->was_patches = g_ptr_array_new();
	g_ptr_array_add(batch->all_series, series);
	return series;
}

PmSeriesRow *
pm_batch_add_new_series(PmBatch *batch, int project_id)
{
	PmSeriesRow *series = pm_batch_add_series(batch, project_id);

	series->is_new = TRUE;
	return series;
}

PmBatch *
pm_batch_new(PmPg *pg, PmIds *ids, PmCatalog *catalog, PmEntry **entries, guint n_entries)
{
	PmBatch *batch = g_new0(PmBatch, 1);

	batch->pg = pg;
	batch->ids = ids;
	batch->catalog = catalog;
	batch->entries = entries;
	batch->n_entries = n_entries;
	batch->window = PM_CORRELATE_WINDOW;
	batch->nodes = pm_nodes_new();
	batch->threads = pm_labels_new();
	batch->clusters = pm_labels_new();
	batch->people = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	batch->users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	batch->fresh = g_ptr_array_new();
	batch->touched = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	batch->revived = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	batch->known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	batch->series = g_hash_table_new(NULL, NULL);
	batch->all_series = g_ptr_array_new_with_free_func(free_series);
	batch->relatives = g_array_new(FALSE, FALSE, sizeof(PmRelative));
	batch->locks = g_hash_table_new(NULL, NULL);
	batch->copies = g_ptr_array_new_with_free_func((GDestroyNotify)pm_entry_free);
	batch->unlinked = g_array_new(FALSE, FALSE, sizeof(gint64));
	batch->rehomed = g_ptr_array_new_with_free_func(free_rehomed);
	batch->fetched = g_array_new(FALSE, FALSE, sizeof(PmFetched));
	batch->events = g_array_new(FALSE, FALSE, sizeof(PmEventPlan));
	batch->foreign_kin = g_array_new(FALSE, FALSE, sizeof(PmForeignKin));
	return batch;
}

void
pm_batch_free(PmBatch *batch)
{
	if (batch == NULL)
		return;
	g_array_unref(batch->foreign_kin);
	g_array_unref(batch->events);
	g_array_unref(batch->relatives);
	g_array_unref(batch->fetched);
	g_ptr_array_unref(batch->rehomed);
	g_array_unref(batch->unlinked);
	g_hash_table_unref(batch->locks);
	g_ptr_array_unref(batch->all_series);
	g_hash_table_unref(batch->series);
	g_hash_table_unref(batch->known);
	g_hash_table_unref(batch->revived);
	g_hash_table_unref(batch->touched);
	g_ptr_array_unref(batch->fresh);
	g_hash_table_unref(batch->users);
	g_hash_table_unref(batch->people);
	pm_labels_free(batch->clusters);
	pm_labels_free(batch->threads);
	pm_nodes_free(batch->nodes);
	g_ptr_array_unref(batch->copies);
	g_free(batch);
}

char *
pm_fold_email(const char *email)
{
	for (const char *c = email; *c != '\0'; c++)
		if ((guchar)*c >= 0x80)
			return g_utf8_strup(email, -1);
	return g_ascii_strup(email, -1);
}

PmParams *
pm_columns_new(const PmType *types, guint n_types)
{
	PmParams *params = pm_params_new();

	for (guint i = 0; i < n_types; i++)
		pm_params_array(params, types[i]);
	return params;
}

void
pm_batch_send_if_any(PmBatch *batch, PmSql sql, PmParams *params)
{
	(void)pm_pg_send_rows(batch->pg, sql, params);
}

char *
pm_batch_key(int project_id, const char *msgid)
{
	return g_strdup_printf("%d %s", project_id, msgid);
}
