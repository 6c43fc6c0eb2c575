/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

#include <string.h>

/*
 * The correlator says which submissions ought to be together; this maps its
 * groups to rows of patchwork_series with as little change as can be. A group keeps the
 * row that most of its members are in; a row that no group keeps is given up, and what
 * led to it leads to the row that took its mails.
 */

static gint
compare_claims(gconstpointer a, gconstpointer b)
{
	const guint *x = a, *y = b;

	return x[1] != y[1] ? (x[1] < y[1] ? 1 : -1) : (x[0] > y[0]) - (x[0] < y[0]);
}

/* The free row that most members are in; of equals the eldest. NULL: none. */
static PmSeriesRow *
best_row(PmBatch *batch, const GPtrArray *members)
{
	g_autoptr(GArray) claims = g_array_new(FALSE, FALSE, 2 * sizeof(guint));

	for (guint i = 0; i < members->len; i++) {
		const PmNode *node = g_ptr_array_index(members, i);
		guint claim[2] = {(guint)node->was.series_id, 1};
		guint at = 0;

		if (node->was.series_id == 0)
			continue;
		while (at < claims->len &&
		       *(guint *)(claims->data + at * sizeof(claim)) != claim[0])
			at++;
		if (at < claims->len)
			((guint *)(claims->data + at * sizeof(claim)))[1]++;
		else
			g_array_append_val(claims, claim);
	}
	g_array_sort(claims, compare_claims);
	for (guint i = 0; i < claims->len; i++) {
		guint id = *(guint *)(claims->data + i * 2 * sizeof(guint));
		PmSeriesRow *series =
			g_hash_table_lookup(batch->series, GUINT_TO_POINTER(id));

		if (series != NULL && !series->is_taken)
			return series;
	}
	return NULL;
}

static void
place(PmNode *node, PmSeriesRow *series, int slot)
{
	node->series = series;
	node->now.slot = slot;
}

static GPtrArray *
members_of(const PmGroup *group, const GPtrArray *nodes)
{
	GPtrArray *members = g_ptr_array_new();

	if (group->cover >= 0)
		g_ptr_array_add(members, g_ptr_array_index(nodes, (guint)group->cover));
	for (guint i = 0; i < group->n_patches; i++)
		g_ptr_array_add(members, g_ptr_array_index(nodes, group->patches[i]));
	return members;
}

static gint
compare_slots(gconstpointer a, gconstpointer b)
{
	const PmNode *x = *(PmNode *const *)a, *y = *(PmNode *const *)b;

	return (x->now.slot > y->now.slot) - (x->now.slot < y->now.slot);
}

static gboolean
keeps_slot(const PmSeriesRow *series, const PmNode *node)
{
	return (series->is_foreign || series->is_decided) && !series->is_new &&
	       node->was.series_id == series->id && node->was.slot > 0;
}

/* Mails that keep their number go before those that come to them; of these one whose
 * number is taken gets the next free one. */
static void
place_patches(PmSeriesRow *series)
{
	g_autoptr(GHashTable) taken = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < series->patches->len; i++) {
		PmNode *node = g_ptr_array_index(series->patches, i);

		if (!keeps_slot(series, node))
			continue;
		node->now.slot = node->was.slot;
		g_hash_table_add(taken, GINT_TO_POINTER(node->now.slot));
	}
	if (g_hash_table_size(taken) == 0)
		return;
	for (guint i = 0; i < series->patches->len; i++) {
		PmNode *node = g_ptr_array_index(series->patches, i);

		while (!keeps_slot(series, node) &&
		       !g_hash_table_add(taken, GINT_TO_POINTER(node->now.slot)))
			node->now.slot++;
	}
	g_ptr_array_sort(series->patches, compare_slots);
}

static void
fill_series(PmSeriesRow *series, const PmGrouping *grouping, const PmGroup *group,
	    const GPtrArray *nodes)
{
	series->is_taken = TRUE;
	if (group->cover >= 0) {
		series->cover = g_ptr_array_index(nodes, (guint)group->cover);
		place(series->cover, series, 0);
	}
	for (guint i = 0; i < group->n_patches; i++) {
		PmNode *node = g_ptr_array_index(nodes, group->patches[i]);

		place(node, series, grouping->placements[group->patches[i]].number);
		g_ptr_array_add(series->patches, node);
	}
	place_patches(series);
	gboolean is_kept = (series->is_foreign || series->is_decided) && !series->is_new;
	series->version = is_kept ? series->was_version : group->version;
	series->total = is_kept ? series->was_total : group->total;
	series->lead =
		series->cover ? series->cover : g_ptr_array_index(series->patches, 0);
}

/* Groups that have a row first get theirs, largest claim first as the correlator orders
 * them; the others get new ones. */
static void
assign_rows(PmBatch *batch, const PmGrouping *grouping, const GPtrArray *nodes)
{
	g_autofree PmSeriesRow **rows = g_new0(PmSeriesRow *, grouping->n_groups);

	for (guint pass = 0; pass < 2; pass++) {
		for (guint i = 0; i < grouping->n_groups; i++) {
			const PmGroup *group = &grouping->groups[i];
			g_autoptr(GPtrArray) members = members_of(group, nodes);

			if (rows[i] != NULL || (pass == 0) != (group->fixed_series != 0))
				continue;
			rows[i] = pass == 0
					  ? g_hash_table_lookup(
						    batch->series,
						    GINT_TO_POINTER(group->fixed_series))
					  : best_row(batch, members);
			if (rows[i] == NULL)
				rows[i] = pm_batch_add_new_series(
					batch, ((PmNode *)members->pdata[0])->project_id);
			rows[i]->project_id = ((PmNode *)members->pdata[0])->project_id;
			fill_series(rows[i], grouping, group, nodes);
		}
	}
}

static void
note_previous(PmBatch *batch, const GPtrArray *nodes)
{
	for (guint i = 0; i < nodes->len; i++) {
		PmNode *node = g_ptr_array_index(nodes, i);
		PmSeriesRow *series = g_hash_table_lookup(
			batch->series, GINT_TO_POINTER(node->was.series_id));

		if (series != NULL && node->is_foreign)
			series->is_foreign = TRUE;
		if (series != NULL && node->was.kind == PM_NODE_PATCH)
			g_ptr_array_add(series->was_patches, node);
	}
}

static void
mark_moved(GPtrArray *nodes)
{
	for (guint i = 0; i < nodes->len; i++) {
		PmNode *node = g_ptr_array_index(nodes, i);
		int id = node->series->is_new ? 0 : node->series->id;

		if (id == 0 || id != node->was.series_id ||
		    node->now.slot != node->was.slot)
			node->is_dirty = TRUE;
	}
}

/* Maps the groups of a cluster to rows. */
static void
apply(PmBatch *batch, const PmCluster *cluster)
{
	GPtrArray *nodes = cluster->nodes;
	const PmGrouping *grouping = cluster->grouping;

	note_previous(batch, nodes);
	assign_rows(batch, grouping, nodes);
	for (guint i = 0; i < nodes->len; i++)
		((PmNode *)nodes->pdata[i])->rule = grouping->placements[i].rule;
	mark_moved(nodes);
}

static PmSeriesRow *
heir_of(const PmSeriesRow *series)
{
	PmSeriesRow *heir = NULL;

	for (guint i = 0; i < series->was_patches->len && heir == NULL; i++)
		heir = ((PmNode *)g_ptr_array_index(series->was_patches, i))->series;
	return heir;
}

/* Series that held only a cover have no patch to follow; the cover knows. */
static void
find_cover_heirs(PmBatch *batch, const GPtrArray *nodes)
{
	for (guint i = 0; i < nodes->len; i++) {
		PmNode *node = g_ptr_array_index(nodes, i);
		PmSeriesRow *series = g_hash_table_lookup(
			batch->series, GINT_TO_POINTER(node->was.series_id));

		if (series != NULL && series->is_given_up && series->heir == NULL)
			series->heir = node->series;
	}
}

static void
give_up_empty(PmBatch *batch)
{
	for (guint i = 0; i < batch->all_series->len; i++) {
		PmSeriesRow *series = g_ptr_array_index(batch->all_series, i);

		if (series->is_taken || series->is_new)
			continue;
		series->is_given_up = TRUE;
		series->heir = heir_of(series);
	}
}

gboolean
pm_batch_group(PmBatch *batch, GError **error)
{
	g_autoptr(GHashTable) clusters = pm_batch_ideal(batch, error);
	GHashTableIter iter;
	gpointer value;

	if (clusters == NULL)
		return FALSE;
	g_hash_table_iter_init(&iter, clusters);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		apply(batch, value);
	give_up_empty(batch);
	g_hash_table_iter_init(&iter, clusters);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		find_cover_heirs(batch, ((PmCluster *)value)->nodes);
	return TRUE;
}
