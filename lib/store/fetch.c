/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"
#include "lib/store/trail.h"

/*
 * Replies that went to another list than what they answer, and came before it: another
 * project holds them, below a ghost that is a mail of this batch. They stay held there,
 * for the mail may come to that list, too; here they become comments.
 */

gboolean
pm_batch_leads_on(const PmNode *node)
{
	return pm_node_is_submission(node) || node->now.kind == PM_NODE_REPLY ||
	       node->now.kind == PM_NODE_HELD ||
	       (node->now.kind == PM_NODE_IGNORED && node->refs != NULL);
}

gboolean
pm_batch_is_awaitable(const PmEntry *entry)
{
	return pm_batch_is_storable(entry) &&
	       (entry->item->kind != PM_KIND_IGNORED || entry->mail->refs[0] != NULL);
}

/* Calls for each mail that the batch brings, and that others may wait for. */
static void
for_awaited(const PmBatch *batch, void (*call)(const PmEntry *entry, gpointer data),
	    gpointer data)
{
	for (guint i = 0; i < batch->n_entries + batch->copies->len; i++) {
		const PmEntry *entry =
			i < batch->n_entries ? batch->entries[i]
					     : batch->copies->pdata[i - batch->n_entries];

		if (pm_batch_is_awaitable(entry))
			call(entry, data);
	}
}

static void
note_key(const PmEntry *entry, gpointer keys)
{
	g_hash_table_add(keys, pm_batch_key(entry->project->id, entry->mail->msgid));
}

/* What waits in the project without tag of the same list has followed (rehome.c). */
static gboolean
is_followed(const PmProject *waiting, const PmEntry *entry)
{
	return waiting->id == entry->project->id ||
	       (waiting->subject_match == NULL &&
		g_str_equal(waiting->list_id, entry->project->list_id));
}

typedef struct {
	const PmBatch *batch;
	GArray *clusters;
} PmWaiting;

static void
note_waiting(const PmEntry *entry, gpointer data)
{
	PmWaiting *waiting = data;
	guint n;
	const PmProject *const *projects =
		pm_catalog_projects(waiting->batch->catalog, &n);

	for (guint i = 0; i < n; i++) {
		const PmNode *node = pm_nodes_find(waiting->batch->nodes, projects[i]->id,
						   entry->mail->msgid);

		if (node != NULL && node->now.kind == PM_NODE_GHOST && node->is_stored &&
		    !is_followed(projects[i], entry))
			g_array_append_val(waiting->clusters, node->cluster);
	}
}

/* The held replies among the nodes, and which of them lead into project. */
static PmTrail *
trail_of(const PmBatch *batch, GHashTable *arriving, const GPtrArray *held,
	 const PmProject *project)
{
	PmTrail *trail = pm_trail_new();
	g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < held->len; i++) {
		PmNode *node = g_ptr_array_index(held, i);
		guint place = pm_trail_add(trail, node->msgid, NULL) + 1;

		g_hash_table_insert(places, node, GUINT_TO_POINTER(place));
	}
	for (guint i = 0; i < held->len; i++) {
		const PmNode *node = g_ptr_array_index(held, i);

		for (char **ref = node->refs; ref != NULL && *ref != NULL; ref++) {
			const PmNode *there =
				pm_nodes_find(batch->nodes, project->id, *ref);
			g_autofree char *key = pm_batch_key(project->id, *ref);
			gboolean is_end = g_hash_table_contains(arriving, key) ||
					  (there != NULL && pm_batch_leads_on(there));
			guint place = GPOINTER_TO_UINT(g_hash_table_lookup(
				places,
				pm_nodes_find(batch->nodes, node->project_id, *ref)));

			pm_trail_refer(trail, i,
				       is_end  ? pm_trail_add(trail, *ref, project)
				       : place ? place - 1
					       : PM_THREAD_NONE);
		}
	}
	pm_trail_resolve(trail);
	return trail;
}

/* Adds to found which of the held replies lead into project. */
static void
find_ends(PmBatch *batch, GHashTable *arriving, const GPtrArray *held,
	  const PmProject *project, GArray *found)
{
	g_autoptr(PmTrail) trail = trail_of(batch, arriving, held, project);

	for (guint i = 0; i < held->len; i++) {
		PmNode *node = g_ptr_array_index(held, i);
		PmFetched one = {node, node->project_id, project->id};

		if (node->project_id != project->id && pm_trail_end(trail, i) != NULL)
			g_array_append_val(found, one);
	}
}

/* Of what was only referred to the tags are not here yet. */
static gboolean
load_rest(PmBatch *batch, const GArray *found, GError **error)
{
	g_autoptr(GArray) clusters = g_array_new(FALSE, FALSE, sizeof(gint64));

	for (guint i = 0; i < found->len; i++) {
		const PmNode *node = g_array_index(found, PmFetched, i).node;

		if (!node->is_whole)
			g_array_append_val(clusters, node->cluster);
	}
	return clusters->len == 0 || pm_batch_load(batch, clusters, error);
}

static gboolean
fetch_replies(PmBatch *batch, GArray *found, GError **error)
{
	g_autoptr(GHashTable) arriving =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GArray) clusters = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GPtrArray) held = g_ptr_array_new();
	PmWaiting waiting = {batch, clusters};
	guint n;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);

	if (n < 2)
		return TRUE;
	for_awaited(batch, note_waiting, &waiting);
	if (clusters->len == 0)
		return TRUE;
	for_awaited(batch, note_key, arriving);
	if (!pm_batch_load(batch, clusters, error))
		return FALSE;
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++)
		if (pm_nodes_at(batch->nodes, i)->now.kind == PM_NODE_HELD)
			g_ptr_array_add(held, pm_nodes_at(batch->nodes, i));
	for (guint i = 0; i < n; i++)
		if (g_hash_table_contains(batch->locks, GINT_TO_POINTER(projects[i]->id)))
			find_ends(batch, arriving, held, projects[i], found);
	return load_rest(batch, found, error);
}

gboolean
pm_batch_fetch_replies(PmBatch *batch, GArray *found, GError **error)
{
	do {
		g_array_set_size(found, 0);
		if (!fetch_replies(batch, found, error))
			return FALSE;
		/* Replies of this batch may answer what was found, and be waited for. */
	} while (found->len > 0 && pm_batch_copy_replies(batch, found) > 0);
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
