/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"
#include "lib/store/trail.h"

/*
 * Replies that went to another list than what they answer, and came before it: another
 * project holds them, below a ghost that is a mail of this batch. They stay held there,
 * for the mail may come to that list, too; here they become comments.
 */

/* A submission or comment that the batch brings, which others may wait for. */
static gboolean
is_awaitable(const PmEntry *entry)
{
	return pm_batch_is_storable(entry) && entry->item->kind != PM_KIND_IGNORED;
}

static gboolean
is_of_other_list(const PmBatch *batch, const PmNode *node, const PmEntry *entry)
{
	guint n;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);

	for (guint i = 0; i < n; i++)
		if (projects[i]->id == node->project_id)
			return !g_str_equal(projects[i]->list_id,
					    entry->project->list_id);
	return FALSE;
}

/* Clusters of other lists in which this mail is a ghost. */
static void
add_clusters(const PmBatch *batch, const PmEntry *entry, GArray *clusters)
{
	guint n;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);

	for (guint i = 0; i < n; i++) {
		const PmNode *node =
			pm_nodes_find(batch->nodes, projects[i]->id, entry->mail->msgid);

		if (node != NULL && node->now.kind == PM_NODE_GHOST && node->is_stored &&
		    is_of_other_list(batch, node, entry))
			g_array_append_val(clusters, node->cluster);
	}
}

static GHashTable *
index_awaitable(const PmBatch *batch, GArray *clusters)
{
	GHashTable *by_msgid = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < batch->n_entries + batch->copies->len; i++) {
		PmEntry *entry = i < batch->n_entries
					 ? batch->entries[i]
					 : batch->copies->pdata[i - batch->n_entries];

		if (!is_awaitable(entry))
			continue;
		add_clusters(batch, entry, clusters);
		g_hash_table_insert(by_msgid, entry->mail->msgid, entry);
	}
	return by_msgid;
}

/* The project that has what a held reply refers to, of those that are locked. */
static const PmProject *
home_of(const PmBatch *batch, GHashTable *arriving, const PmNode *node, const char *ref)
{
	guint n;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);
	const PmEntry *entry = g_hash_table_lookup(arriving, ref);

	for (guint i = 0; i < n; i++) {
		const PmNode *other = pm_nodes_find(batch->nodes, projects[i]->id, ref);
		gboolean is_there = other != NULL && (pm_node_is_submission(other) ||
						      other->now.kind == PM_NODE_REPLY);

		if (projects[i]->id == node->project_id ||
		    !g_hash_table_contains(batch->locks,
					   GINT_TO_POINTER(projects[i]->id)))
			continue;
		if (is_there || (entry != NULL && entry->project->id == projects[i]->id))
			return projects[i];
	}
	return NULL;
}

/* The held replies among the nodes, and where they lead. */
static void
find_ends(PmBatch *batch, GHashTable *arriving, const GPtrArray *held, PmTrail *trail)
{
	g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < held->len; i++) {
		PmNode *node = g_ptr_array_index(held, i);
		guint place = pm_trail_add(trail, node->msgid, NULL) + 1;

		g_hash_table_insert(places, node, GUINT_TO_POINTER(place));
	}
	for (guint i = 0; i < held->len; i++) {
		const PmNode *node = g_ptr_array_index(held, i);

		for (char **ref = node->refs; ref != NULL && *ref != NULL; ref++) {
			const PmProject *home = home_of(batch, arriving, node, *ref);
			guint place = GPOINTER_TO_UINT(g_hash_table_lookup(
				places,
				pm_nodes_find(batch->nodes, node->project_id, *ref)));

			pm_trail_refer(trail, i,
				       home    ? pm_trail_add(trail, *ref, home)
				       : place ? place - 1
					       : PM_THREAD_NONE);
		}
	}
	pm_trail_resolve(trail);
}

gboolean
pm_batch_fetch_replies(PmBatch *batch, GArray *found, GError **error)
{
	g_autoptr(GArray) clusters = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GHashTable) arriving = index_awaitable(batch, clusters);
	g_autoptr(GPtrArray) held = g_ptr_array_new();
	g_autoptr(PmTrail) trail = pm_trail_new();

	if (clusters->len == 0)
		return TRUE;
	if (!pm_batch_load(batch, clusters, error))
		return FALSE;
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++)
		if (pm_nodes_at(batch->nodes, i)->now.kind == PM_NODE_HELD)
			g_ptr_array_add(held, pm_nodes_at(batch->nodes, i));
	find_ends(batch, arriving, held, trail);
	for (guint i = 0; i < held->len; i++) {
		PmNode *node = g_ptr_array_index(held, i);
		const PmProject *project = pm_trail_end(trail, i);
		PmFetched one = {node, node->project_id, project ? project->id : 0};

		if (project != NULL)
			g_array_append_val(found, one);
	}
	return TRUE;
}

/* As if it had been held here. */
static PmNode *
admit(PmBatch *batch, const PmNode *held, int project_id)
{
	PmNode *node = pm_nodes_find(batch->nodes, project_id, held->msgid);

	if (node != NULL && node->now.kind != PM_NODE_GHOST)
		return NULL;
	if (node == NULL) {
		node = pm_nodes_add(batch->nodes, project_id, held->msgid);
		node->thread = pm_labels_fresh(batch->threads);
		node->cluster = pm_labels_fresh(batch->clusters);
	} else {
		pm_batch_mark_revived(batch, node);
	}
	node->refs = held->refs;
	node->tags = held->tags;
	node->now.kind = node->was.kind = PM_NODE_HELD;
	node->anchor_state = PM_ANCHOR_UNKNOWN;
	node->is_dirty = TRUE;
	pm_batch_join_references(batch, node);
	return node;
}

void
pm_batch_admit_replies(PmBatch *batch, const GArray *found)
{
	for (guint i = 0; i < found->len; i++) {
		PmFetched one = g_array_index(found, PmFetched, i);

		one.node = admit(batch, one.node, one.to_id);
		if (one.node != NULL)
			g_array_append_val(batch->fetched, one);
	}
}
