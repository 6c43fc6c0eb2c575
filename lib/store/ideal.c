/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

#include <string.h>

/*
 * The ideal grouping of each cluster that a batch changes, as the correlator sees it: facts
 * of its submissions, and which series must stay as they are. Those are what
 * Patchwork made, what somebody decided, and what people have worked on.
 */

/* The series that the submission may not leave, or 0. */
static int
fixed_series_of(const PmBatch *batch, const PmNode *node)
{
	const PmSeriesRow *series =
		g_hash_table_lookup(batch->series, GINT_TO_POINTER(node->was.series_id));
	gboolean is_kept = series != NULL && (series->is_worked_on || series->is_decided);

	return is_kept || node->is_foreign ? node->was.series_id : 0;
}

PmFact
pm_batch_fact(PmBatch *batch, const PmNode *node)
{
	g_autofree char *thread = g_strdup_printf(
		"%" G_GINT64_FORMAT, pm_labels_find(batch->threads, node->thread));
	guint n_refs = node->refs ? g_strv_length(node->refs) : 0;
	const char *parent = n_refs > 0 ? node->refs[0] : NULL;

	return (PmFact){
		.msgid = node->msgid,
		.anchor = node->now.anchor,
		.parent = parent,
		.root = n_refs > 0 ? node->refs[n_refs - 1] : NULL,
		.outside = parent != NULL && g_strcmp0(parent, node->now.anchor) != 0,
		.thread = pm_nodes_string(batch->nodes, thread),
		.is_cover = node->now.kind == PM_NODE_COVER,
		.has_version = node->has_version,
		.has_number = node->has_number,
		.version = node->version,
		.version_text = node->version_text,
		.number = node->number,
		.fraction = node->fraction,
		.total = node->total,
		.prefixes = (const char *const *)node->prefixes,
		.title = node->title,
		.submitter = node->submitter,
		.date = node->sent,
		.run = node->run,
		.change_id = node->change_id,
		.shortlog = (const char *const *)node->shortlog,
		.is_pull = node->is_pull,
		.fixed_series = fixed_series_of(batch, node),
	};
}

static void
free_cluster(gpointer data)
{
	PmCluster *cluster = data;

	g_ptr_array_unref(cluster->nodes);
	pm_grouping_free(cluster->grouping);
	g_free(cluster);
}

static void
correlate(PmBatch *batch, PmCluster *cluster)
{
	GPtrArray *nodes = cluster->nodes;
	g_autofree PmFact *facts = g_new(PmFact, nodes->len);

	for (guint i = 0; i < nodes->len; i++)
		facts[i] = pm_batch_fact(batch, g_ptr_array_index(nodes, i));
	pm_grouping_free(cluster->grouping);
	cluster->grouping = pm_correlate_groups(facts, nodes->len);
}

static PmSeriesRow *
stored_series(const PmBatch *batch, const PmNode *node)
{
	return g_hash_table_lookup(batch->series, GINT_TO_POINTER(node->was.series_id));
}

/* Adds the stored series that this grouping takes apart or puts together. */
static void
add_torn(PmBatch *batch, const PmCluster *cluster, GHashTable *torn)
{
	g_autoptr(GHashTable) group_of = g_hash_table_new(NULL, NULL);
	g_autofree PmSeriesRow **series_of =
		g_new0(PmSeriesRow *, cluster->grouping->n_groups);

	for (guint i = 0; i < cluster->nodes->len; i++) {
		PmSeriesRow *series = stored_series(batch, cluster->nodes->pdata[i]);
		guint group = cluster->grouping->placements[i].group;
		gpointer other;

		if (series == NULL)
			continue;
		if (!g_hash_table_lookup_extended(group_of, series, NULL, &other))
			g_hash_table_insert(group_of, series, GUINT_TO_POINTER(group));
		else if (GPOINTER_TO_UINT(other) != group)
			g_hash_table_add(torn, series);
		if (series_of[group] != NULL && series_of[group] != series) {
			g_hash_table_add(torn, series);
			g_hash_table_add(torn, series_of[group]);
		}
		series_of[group] = series;
	}
}

/*
 * Which of the series that would be torn people have worked on. That is asked only now,
 * since it is seldom needed and costs look-ups for each of their patches.
 */
static gboolean
find_hands(PmBatch *batch, GHashTable *torn, gboolean *found_out, GError **error)
{
	static const PmType types[] = {PM_TYPE_INT4};
	PmParams *params = pm_columns_new(types, 1);
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, torn);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		pm_params_add_int(params, 0, ((PmSeriesRow *)key)->id);
	guint hands = pm_pg_send_rows(batch->pg, PM_SQL_FIND_HANDS, params);
	if (!pm_pg_sync(batch->pg, error))
		return FALSE;
	const PmRows *rows = pm_pg_rows(batch->pg, hands);
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		gpointer id = GINT_TO_POINTER((int)pm_rows_int(rows, i, 0));
		PmSeriesRow *series = g_hash_table_lookup(batch->series, id);

		series->is_worked_on = TRUE;
	}
	*found_out = pm_rows_count(rows) > 0;
	return TRUE;
}

static gboolean
has_hands(const PmBatch *batch, const PmCluster *cluster)
{
	for (guint i = 0; i < cluster->nodes->len; i++) {
		const PmSeriesRow *series =
			stored_series(batch, cluster->nodes->pdata[i]);

		if (series != NULL && series->is_worked_on)
			return TRUE;
	}
	return FALSE;
}

/*
 * What would tear a series that people worked on is decided again with that series fixed. A
 * series that stays together anyway need not be: to fix it would change nothing. The
 * second decision may tear others than the first; each turn fixes at least one more.
 */
static gboolean
spare_worked_on(PmBatch *batch, GHashTable *clusters, GError **error)
{
	g_autoptr(GHashTable) asked = g_hash_table_new(NULL, NULL);

	for (gboolean is_found = TRUE; is_found;) {
		g_autoptr(GHashTable) torn = g_hash_table_new(NULL, NULL);
		GHashTableIter iter;
		gpointer value;

		g_hash_table_iter_init(&iter, clusters);
		while (g_hash_table_iter_next(&iter, NULL, &value))
			add_torn(batch, value, torn);
		g_hash_table_iter_init(&iter, torn);
		while (g_hash_table_iter_next(&iter, &value, NULL))
			if (!g_hash_table_add(asked, value))
				g_hash_table_iter_remove(&iter);
		if (g_hash_table_size(torn) == 0)
			return TRUE;
		if (!find_hands(batch, torn, &is_found, error))
			return FALSE;
		g_hash_table_iter_init(&iter, clusters);
		while (is_found && g_hash_table_iter_next(&iter, NULL, &value))
			if (has_hands(batch, value))
				correlate(batch, value);
	}
	return TRUE;
}

static gint
compare_nodes(gconstpointer a, gconstpointer b)
{
	const PmNode *x = *(PmNode *const *)a, *y = *(PmNode *const *)b;

	if (x->sent != y->sent)
		return x->sent < y->sent ? -1 : 1;
	return strcmp(x->msgid, y->msgid);
}

/* A patch that Patchwork left without a series; its row stays as it is. */
static gboolean
is_left_alone(const PmNode *node)
{
	return node->is_foreign && node->was.kind == PM_NODE_PATCH &&
	       node->was.series_id == 0;
}

static GHashTable *
collect_clusters(PmBatch *batch)
{
	GHashTable *clusters =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_cluster);

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);
		gint64 root = pm_labels_find(batch->clusters, node->cluster);
		PmCluster *cluster = g_hash_table_lookup(clusters, &root);

		if (!pm_node_is_submission(node) || is_left_alone(node) ||
		    !g_hash_table_contains(batch->touched, &root))
			continue;
		if (cluster == NULL) {
			cluster = g_new0(PmCluster, 1);
			cluster->nodes = g_ptr_array_new();
			g_hash_table_insert(clusters, g_memdup2(&root, sizeof(root)),
					    cluster);
		}
		g_ptr_array_add(cluster->nodes, node);
	}
	return clusters;
}

GHashTable *
pm_batch_ideal(PmBatch *batch, GError **error)
{
	g_autoptr(GHashTable) clusters = collect_clusters(batch);
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, clusters);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		g_ptr_array_sort(((PmCluster *)value)->nodes, compare_nodes);
		correlate(batch, value);
	}
	if (!spare_worked_on(batch, clusters, error))
		return NULL;
	return g_steal_pointer(&clusters);
}
