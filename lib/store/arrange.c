/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/arrange.h"

#include "lib/error.h"

gboolean
pm_arrange_refuse(GError **error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *message = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error_literal(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT, message);
	return FALSE;
}

PmSeriesRow *
pm_arrange_series(const PmBatch *batch, int id)
{
	return g_hash_table_lookup(batch->series, GINT_TO_POINTER(id));
}

static void
lock_project(PmBatch *batch, int project_id)
{
	static const PmType types[] = {PM_TYPE_INT4};
	PmParams *params = pm_columns_new(types, 1);

	pm_params_add_int(params, 0, project_id);
	(void)pm_pg_send(batch->pg, PM_SQL_LOCK_PROJECTS, params);
}

static gboolean
join_clusters(PmBatch *batch, const PmRows *rows, GError **error)
{
	gint64 first = 0;

	for (guint i = 0; i < pm_rows_count(rows); i++) {
		gint64 cluster = pm_rows_int(rows, i, 2);

		if (cluster == 0) {
			g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
				    "cannot change series %s: its mail %s was stored by "
				    "Patchwork and is not known here; deliver a mail of "
				    "that series again first",
				    pm_rows_text(rows, i, 0), pm_rows_text(rows, i, 1));
			return FALSE;
		}
		g_hash_table_add(batch->touched, g_memdup2(&cluster, sizeof(cluster)));
		first = first ? first : cluster;
		pm_labels_join(batch->clusters, first, cluster);
	}
	return TRUE;
}

static void
keep_places(PmBatch *batch)
{
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);

		if (!pm_node_is_submission(node))
			continue;
		node->series = pm_arrange_series(batch, node->was.series_id);
		if (node->series != NULL)
			node->series->project_id = node->project_id;
	}
}

gboolean
pm_arrange_load(PmBatch *batch, int project_id, const GArray *series_ids, GError **error)
{
	static const PmType types[] = {PM_TYPE_INT4};
	PmParams *params = pm_columns_new(types, 1);

	(void)pm_pg_send(batch->pg, PM_SQL_BEGIN, NULL);
	lock_project(batch, project_id);
	for (guint i = 0; i < series_ids->len; i++)
		pm_params_add_int(params, 0, g_array_index(series_ids, int, i));
	guint clusters = pm_pg_send(batch->pg, PM_SQL_FIND_SERIES_CLUSTERS, params);
	if (!pm_pg_sync(batch->pg, error) ||
	    !join_clusters(batch, pm_pg_rows(batch->pg, clusters), error) ||
	    !pm_batch_thread(batch, error))
		return FALSE;
	keep_places(batch);
	return TRUE;
}

PmNode *
pm_arrange_at(const PmBatch *batch, const PmSeriesRow *series, int number)
{
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);
		gboolean is_there = pm_node_is_submission(node) && node->series == series;

		if (is_there && (number == 0 ? node->now.kind == PM_NODE_COVER
					     : node->now.kind == PM_NODE_PATCH &&
						       node->now.slot == number))
			return node;
	}
	return NULL;
}

PmNode *
pm_arrange_lead(const PmBatch *batch, const PmSeriesRow *series)
{
	PmNode *lead = pm_arrange_at(batch, series, 0);

	for (guint i = 0; lead == NULL && i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);

		if (pm_node_is_submission(node) && node->series == series)
			lead = node;
	}
	return lead;
}

void
pm_arrange_place(PmNode *node, PmSeriesRow *series, int number)
{
	node->series = series;
	node->now.slot = node->now.kind == PM_NODE_COVER ? 0 : number;
	node->is_dirty = TRUE;
}

static gint
compare_slots(gconstpointer a, gconstpointer b)
{
	const PmNode *x = *(PmNode *const *)a, *y = *(PmNode *const *)b;

	return (x->now.slot > y->now.slot) - (x->now.slot < y->now.slot);
}

static void
fill_rows(PmBatch *batch)
{
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);
		PmSeriesRow *was = pm_arrange_series(batch, node->was.series_id);

		if (!pm_node_is_submission(node) || node->series == NULL)
			continue;
		if (was != NULL && node->is_foreign)
			was->is_foreign = TRUE;
		if (was != NULL && node->was.kind == PM_NODE_PATCH)
			g_ptr_array_add(was->was_patches, node);
		if (node->now.kind == PM_NODE_COVER)
			node->series->cover = node;
		else
			g_ptr_array_add(node->series->patches, node);
	}
}

/* A row of another cluster, only for its id. */
static PmSeriesRow *
stand_in(PmBatch *batch, int id)
{
	PmSeriesRow *series = pm_batch_add_new_series(batch, 0);

	series->id = id;
	series->is_new = FALSE;
	return series;
}

static void
keep_link(PmBatch *batch, PmSeriesRow *series, PmSeriesRow *heir)
{
	PmSeriesRow *older = pm_arrange_series(batch, series->was_supersedes_id);

	if (series->was_supersedes_id == 0)
		return;
	if (older == NULL)
		older = stand_in(batch, series->was_supersedes_id);
	series->supersedes_reason = "decided";
	series->supersedes = older->is_given_up ? heir : older;
	if (series->supersedes == series)
		series->supersedes = NULL;
}

void
pm_arrange_finish(PmBatch *batch, PmSeriesRow *heir)
{
	guint n = batch->all_series->len;

	fill_rows(batch);
	for (guint i = 0; i < n; i++) {
		PmSeriesRow *series = g_ptr_array_index(batch->all_series, i);

		g_ptr_array_sort(series->patches, compare_slots);
		if (series->cover == NULL && series->patches->len == 0) {
			series->is_given_up = !series->is_new;
			series->heir = heir;
			continue;
		}
		series->is_taken = TRUE;
		series->lead = series->cover ? series->cover : series->patches->pdata[0];
		series->version = MAX(series->version, series->was_version);
		series->total = MAX(series->total, series->was_total);
	}
	for (guint i = 0; i < n; i++)
		keep_link(batch, g_ptr_array_index(batch->all_series, i), heir);
}
