/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

#include <string.h>

/*
 * The correlator says which submissions ought to be together; this maps its
 * groups to rows of patchwork_series with as little change as can be. A group keeps the
 * row that most of its members are in; a row that no group keeps is given up, and what
 * led to it leads to the row that took its mails.
 */

static PmSeriesRow *
new_series(PmBatch *batch, int project_id)
{
	PmSeriesRow *series = g_new0(PmSeriesRow, 1);

	series->project_id = project_id;
	series->is_new = TRUE;
	series->patches = g_ptr_array_new();
	series->was_patches = g_ptr_array_new();
	g_ptr_array_add(batch->all_series, series);
	return series;
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
		.fixed_series = node->is_foreign ? node->was.series_id : 0,
	};
}

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

static void
fill_series(PmSeriesRow *series, const PmGrouping *grouping, const PmGroup *group,
	    const GPtrArray *nodes)
{
	series->is_taken = TRUE;
	series->is_fixed = group->fixed_series != 0;
	/* Series that Patchwork made keep what they say of themselves. */
	series->version = series->is_fixed && !series->is_new ? series->was_version
							      : group->version;
	series->total =
		series->is_fixed && !series->is_new ? series->was_total : group->total;
	if (group->cover >= 0) {
		series->cover = g_ptr_array_index(nodes, (guint)group->cover);
		place(series->cover, series, 0);
	}
	for (guint i = 0; i < group->n_patches; i++) {
		PmNode *node = g_ptr_array_index(nodes, group->patches[i]);

		place(node, series, grouping->placements[group->patches[i]].number);
		g_ptr_array_add(series->patches, node);
	}
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
				rows[i] = new_series(
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

static void
group_cluster(PmBatch *batch, GPtrArray *nodes)
{
	g_autofree PmFact *facts = g_new(PmFact, nodes->len);

	for (guint i = 0; i < nodes->len; i++)
		facts[i] = pm_batch_fact(batch, g_ptr_array_index(nodes, i));
	g_autoptr(PmGrouping) grouping = pm_correlate_groups(facts, nodes->len);
	note_previous(batch, nodes);
	assign_rows(batch, grouping, nodes);
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

static gint
compare_nodes(gconstpointer a, gconstpointer b)
{
	const PmNode *x = *(PmNode *const *)a, *y = *(PmNode *const *)b;

	if (x->sent != y->sent)
		return x->sent < y->sent ? -1 : 1;
	return strcmp(x->msgid, y->msgid);
}

static GHashTable *
bucket_by_cluster(PmBatch *batch)
{
	GHashTable *buckets = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
						    (GDestroyNotify)g_ptr_array_unref);

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);
		gint64 root = pm_labels_find(batch->clusters, node->cluster);
		GPtrArray *bucket = g_hash_table_lookup(buckets, &root);

		if (!pm_node_is_submission(node) ||
		    !g_hash_table_contains(batch->touched, &root))
			continue;
		if (bucket == NULL) {
			bucket = g_ptr_array_new();
			g_hash_table_insert(buckets, g_memdup2(&root, sizeof(root)),
					    bucket);
		}
		g_ptr_array_add(bucket, node);
	}
	return buckets;
}

void
pm_batch_group(PmBatch *batch)
{
	g_autoptr(GHashTable) buckets = bucket_by_cluster(batch);
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, buckets);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		g_ptr_array_sort(value, compare_nodes);
		group_cluster(batch, value);
	}
	give_up_empty(batch);
	g_hash_table_iter_init(&iter, buckets);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		find_cover_heirs(batch, value);
}
