/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

/*
 * Threads that may share a series become one cluster: by sending run, or by author,
 * version, total and time.
 */

enum {
	/* Seconds within which kin are near: a large cluster takes in no others. What is
	 * sent in a row is never parted, see find_kin.sql. */
	NEAR = 3600,
};

/* Clusters that runs or kinship lead to become one with the mail's own. Notes in crowded
 * which nodes got into a large one. */
static void
join_found(PmBatch *batch, const GArray *pairs, GHashTable *crowded)
{
	for (guint i = 0; i < pairs->len; i++) {
		const PmFound *found = &g_array_index(pairs, PmFound, i);
		PmNode *node = pm_nodes_find(batch->nodes, found->entry->project->id,
					     found->entry->mail->msgid);

		if (node->entry != found->entry)
			continue;
		g_hash_table_add(batch->touched,
				 g_memdup2(&found->cluster, sizeof(gint64)));
		pm_labels_join(batch->clusters, node->cluster, found->cluster);
		if (found->is_large)
			g_hash_table_add(crowded, node);
	}
}

static gint
compare_kin(gconstpointer a, gconstpointer b)
{
	const PmNode *x = *(PmNode *const *)a, *y = *(PmNode *const *)b;

	return (x->sent > y->sent) - (x->sent < y->sent);
}

static void
add_to_bucket(GHashTable *buckets, char *key, PmNode *node)
{
	GPtrArray *bucket = g_hash_table_lookup(buckets, key);

	if (bucket == NULL) {
		bucket = g_ptr_array_new();
		g_hash_table_insert(buckets, g_strdup(key), bucket);
	}
	g_ptr_array_add(bucket, node);
	g_free(key);
}

static gboolean
are_kin(const PmBatch *batch, PmNode *a, PmNode *b, GHashTable *crowded)
{
	gint64 gap = b->sent - a->sent;

	if (gap > NEAR &&
	    (g_hash_table_contains(crowded, a) || g_hash_table_contains(crowded, b)))
		return FALSE;
	return gap <= batch->window;
}

/* What find_runs and find_kin say of stored mails, among those of this batch. */
static void
join_within_batch(PmBatch *batch, GHashTable *crowded)
{
	g_autoptr(GHashTable) buckets = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
	GHashTableIter iter;
	gpointer key, value;

	for (guint i = 0; i < batch->fresh->len; i++) {
		PmNode *node = g_ptr_array_index(batch->fresh, i);

		if (!pm_node_is_submission(node))
			continue;
		if (node->run != NULL)
			add_to_bucket(
				buckets,
				g_strdup_printf("r%d %s", node->project_id, node->run),
				node);
		if (node->total > 1)
			add_to_bucket(buckets,
				      g_strdup_printf("k%d %d %d %s", node->project_id,
						      node->version, node->total,
						      node->submitter),
				      node);
	}
	g_hash_table_iter_init(&iter, buckets);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		GPtrArray *bucket = value;
		gboolean is_run = ((const char *)key)[0] == 'r';

		g_ptr_array_sort(bucket, compare_kin);
		for (guint i = 1; i < bucket->len; i++) {
			PmNode *a = g_ptr_array_index(bucket, i - 1);
			PmNode *b = g_ptr_array_index(bucket, i);

			if (is_run || are_kin(batch, a, b, crowded))
				pm_labels_join(batch->clusters, a->cluster, b->cluster);
		}
	}
}

void
pm_batch_join_kin(PmBatch *batch, const GArray *found)
{
	g_autoptr(GHashTable) crowded = g_hash_table_new(NULL, NULL);

	join_found(batch, found, crowded);
	join_within_batch(batch, crowded);
}
