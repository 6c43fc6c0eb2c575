/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

#include <string.h>

/*
 * Patchwork's events, exactly once. Whether a patch or series is complete is
 * compared before and after the batch, so the events that exist in the end depend on
 * the mails alone. In Patchwork's order: series-created before cover-created but after
 * patch-created, then patch-completed for each patch whose predecessors are all
 * there, then series-completed.
 */

static void
add_event(PmBatch *batch, const char *category, PmNode *node, PmSeriesRow *series)
{
	PmEventPlan plan = {.category = category, .node = node, .series = series};

	g_array_append_val(batch->events, plan);
}

/* n where 1..n are all among the slots of nodes, as they are or as they were. */
static int
unbroken(const GPtrArray *nodes, gboolean before)
{
	g_autoptr(GHashTable) slots = g_hash_table_new(NULL, NULL);
	int n = 0;

	for (guint i = 0; i < nodes->len; i++) {
		const PmNode *node = g_ptr_array_index(nodes, i);

		g_hash_table_add(
			slots, GINT_TO_POINTER(before ? node->was.slot : node->now.slot));
	}
	while (g_hash_table_contains(slots, GINT_TO_POINTER(n + 1)))
		n++;
	return n;
}

static void
measure(PmSeriesRow *series)
{
	series->was_unbroken = unbroken(series->was_patches, TRUE);
	series->unbroken = unbroken(series->patches, FALSE);
	series->was_whole =
		series->was_patches->len > 0 && series->was_unbroken >= series->was_total;
	series->is_whole = series->patches->len > 0 && series->unbroken >= series->total;
}

gboolean
pm_node_was_completed(const PmBatch *batch, const PmNode *node)
{
	const PmSeriesRow *series =
		g_hash_table_lookup(batch->series, GINT_TO_POINTER(node->was.series_id));

	return series != NULL && node->was.kind == PM_NODE_PATCH && node->was.slot > 0 &&
	       node->was.slot <= series->was_unbroken;
}

gboolean
pm_node_is_completed(const PmNode *node)
{
	return node->series != NULL && node->now.slot <= node->series->unbroken;
}

static void
plan_completions(PmBatch *batch, PmSeriesRow *series)
{
	for (guint i = 0; i < series->patches->len; i++) {
		PmNode *node = g_ptr_array_index(series->patches, i);

		if (pm_node_is_completed(node) && !pm_node_was_completed(batch, node))
			add_event(batch, "patch-completed", node, series);
	}
	if (series->is_whole && !series->was_whole)
		add_event(batch, "series-completed", NULL, series);
}

static void
plan_created(PmBatch *batch, PmNode *node, GHashTable *announced)
{
	gboolean is_first =
		node->series->is_new && g_hash_table_add(announced, node->series);

	if (node->now.kind == PM_NODE_COVER) {
		if (is_first)
			add_event(batch, "series-created", NULL, node->series);
		add_event(batch, "cover-created", node, NULL);
		return;
	}
	add_event(batch, "patch-created", node, NULL);
	if (is_first)
		add_event(batch, "series-created", NULL, node->series);
}

static gboolean
is_new_or_moved_comment(const PmNode *node)
{
	return node->now.kind == PM_NODE_REPLY &&
	       (node->was.kind != PM_NODE_REPLY ||
		g_strcmp0(node->was.anchor, node->now.anchor) != 0);
}

void
pm_batch_plan_events(PmBatch *batch)
{
	g_autoptr(GHashTable) announced = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < batch->all_series->len; i++)
		measure(g_ptr_array_index(batch->all_series, i));
	for (guint i = 0; i < batch->fresh->len; i++) {
		PmNode *node = g_ptr_array_index(batch->fresh, i);

		if (pm_node_is_submission(node))
			plan_created(batch, node, announced);
	}
	/* A grouping that changed may need a row of which no new mail is a part. */
	for (guint i = 0; i < batch->all_series->len; i++) {
		PmSeriesRow *series = g_ptr_array_index(batch->all_series, i);

		if (series->is_new && g_hash_table_add(announced, series))
			add_event(batch, "series-created", NULL, series);
		if (series->is_taken)
			plan_completions(batch, series);
	}
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);

		if (is_new_or_moved_comment(node))
			add_event(batch, NULL, node, NULL);
	}
}
