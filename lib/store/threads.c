/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/series/thread.h"
#include "lib/store/batch.h"

#include <string.h>

/*
 * Threads with ghosts. The anchor of a mail is the nearest submission of its
 * project on the way up: the first of its references, nearest first, that is a
 * submission or leads to one. It is worked out once and stored; it can change
 * only when an id that was a ghost turns up, and then the whole cluster is read
 * and worked out anew.
 *
 *     cover <- reply <- reply <- patch?     the anchor of all three is the cover
 *     (ghost) <- reply                      held: what the ghost answers is unknown
 *     mail <- reply                         discussion: nothing above is tracked
 */

/* Replaces each label in set by what stands for it now. */
static void
normalise(PmLabels *labels, GHashTable *set)
{
	g_autofree gint64 **keys = (gint64 **)g_hash_table_get_keys_as_array(set, NULL);
	g_autoptr(GArray) roots = g_array_new(FALSE, FALSE, sizeof(gint64));

	for (guint i = 0; keys[i] != NULL; i++) {
		gint64 root = pm_labels_find(labels, *keys[i]);

		g_array_append_val(roots, root);
	}
	g_hash_table_remove_all(set);
	for (guint i = 0; i < roots->len; i++)
		g_hash_table_add(
			set, g_memdup2(&g_array_index(roots, gint64, i), sizeof(gint64)));
}

/* Database clusters that became one with another have to be grouped anew. */
static void
touch_merged(PmBatch *batch)
{
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);
		gint64 root = pm_labels_find(batch->clusters, node->cluster);

		if (node->is_stored && root != node->cluster)
			g_hash_table_add(batch->touched, g_memdup2(&root, sizeof(root)));
	}
}

/*
 * The stored clusters to load: those seen whose set is in wanted. Clusters that kinship
 * led to are in touched already, by their own label.
 */
static PmParams *
cluster_params(PmBatch *batch, GHashTable *wanted)
{
	PmParams *params = pm_params_new();
	GHashTableIter iter;
	gpointer key;

	pm_params_array(params, PM_TYPE_INT8);
	g_hash_table_iter_init(&iter, batch->known);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		gint64 root = pm_labels_find(batch->clusters, *(gint64 *)key);

		if (g_hash_table_contains(wanted, &root))
			pm_params_add_int(params, 0, *(gint64 *)key);
	}
	return params;
}

static void
note_stored_clusters(PmBatch *batch)
{
	GHashTable *known = batch->known;
	GHashTableIter iter;
	gpointer key;

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);

		if (node->cluster > 0)
			g_hash_table_add(known,
					 g_memdup2(&node->cluster, sizeof(gint64)));
	}
	g_hash_table_iter_init(&iter, batch->touched);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		if (*(gint64 *)key > 0)
			g_hash_table_add(known, g_memdup2(key, sizeof(gint64)));
}

static PmSeriesRow *
series_from_row(PmBatch *batch, const PmRows *rows, guint row)
{
	PmSeriesRow *series = g_new0(PmSeriesRow, 1);

	series->id = (int)pm_rows_int(rows, row, 0);
	series->was_total = (int)pm_rows_int(rows, row, 1);
	series->was_version = (int)pm_rows_int(rows, row, 2);
	series->was_name =
		pm_nodes_string(batch->nodes, pm_rows_text_or_null(rows, row, 3));
	series->was_cover_id = (int)pm_rows_int(rows, row, 4);
	series->was_submitter_id = (int)pm_rows_int(rows, row, 5);
	series->was_date = pm_rows_int(rows, row, 6);
	series->patches = g_ptr_array_new();
	series->was_patches = g_ptr_array_new();
	g_ptr_array_add(batch->all_series, series);
	return series;
}

void
pm_batch_read_series(PmBatch *batch, const PmRows *rows)
{
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		int id = (int)pm_rows_int(rows, i, 0);

		if (!g_hash_table_contains(batch->series, GINT_TO_POINTER(id)))
			g_hash_table_insert(batch->series, GINT_TO_POINTER(id),
					    series_from_row(batch, rows, i));
	}
}

static void
note_revision(PmBatch *batch, PmSeriesRow *series, const PmRows *rows, guint row)
{
	series->was_supersedes_id = (int)pm_rows_int(rows, row, 1);
	series->was_supersedes_reason =
		pm_nodes_string(batch->nodes, pm_rows_text(rows, row, 2));
}

static void
read_revisions(PmBatch *batch, const PmRows *revisions)
{
	for (guint i = 0; i < pm_rows_count(revisions); i++) {
		int id = (int)pm_rows_int(revisions, i, 0);
		PmSeriesRow *series =
			g_hash_table_lookup(batch->series, GINT_TO_POINTER(id));

		if (series != NULL)
			note_revision(batch, series, revisions, i);
	}
}

static void
read_nodes(PmBatch *batch, const PmRows *rows)
{
	for (guint i = 0; i < pm_rows_count(rows); i++)
		(void)pm_nodes_from_row(batch->nodes, rows, i, TRUE);
}

static gboolean
load_clusters(PmBatch *batch, GError **error)
{
	note_stored_clusters(batch);
	normalise(batch->clusters, batch->touched);
	touch_merged(batch);
	normalise(batch->clusters, batch->revived);
	guint members = pm_pg_send_rows(batch->pg, PM_SQL_FIND_MEMBERS,
					cluster_params(batch, batch->touched));
	guint others = pm_pg_send_rows(batch->pg, PM_SQL_FIND_THREADS,
				       cluster_params(batch, batch->revived));
	guint series = pm_pg_send_rows(batch->pg, PM_SQL_FIND_SERIES,
				       cluster_params(batch, batch->touched));
	guint revisions = pm_pg_send_rows(batch->pg, PM_SQL_FIND_REVISIONS,
					  cluster_params(batch, batch->touched));
	guint relatives = pm_batch_ask_relatives(batch);
	if (!pm_pg_sync(batch->pg, error))
		return FALSE;
	read_nodes(batch, pm_pg_rows(batch->pg, members));
	read_nodes(batch, pm_pg_rows(batch->pg, others));
	pm_batch_read_series(batch, pm_pg_rows(batch->pg, series));
	read_revisions(batch, pm_pg_rows(batch->pg, revisions));
	pm_batch_read_relatives(batch, pm_pg_rows(batch->pg, relatives));
	return TRUE;
}

/* All that hangs below a ghost that came to life is looked at again. */
static void
forget_anchors(PmBatch *batch)
{
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);
		gint64 root = pm_labels_find(batch->clusters, node->cluster);

		if (node->refs == NULL || !g_hash_table_contains(batch->revived, &root))
			continue;
		node->anchor_state = PM_ANCHOR_UNKNOWN;
		node->now.anchor = NULL;
		if (pm_node_is_submission(node))
			continue;
		node->now.patch_id = 0;
		node->now.cover_id = 0;
	}
}

static PmThreadKind
thread_kind(const PmNode *node)
{
	if (pm_node_is_submission(node))
		return PM_THREAD_SUBMISSION;
	return node->anchor_state == PM_ANCHOR_UNKNOWN ? PM_THREAD_MAIL
						       : PM_THREAD_DECIDED;
}

/* What node refers to, as indices that stay where they are in refs. */
static void
number_references(PmBatch *batch, const PmNode *node, GArray *refs)
{
	for (char **ref = node->refs; ref != NULL && *ref != NULL; ref++) {
		const PmNode *other = pm_nodes_find(batch->nodes, node->project_id, *ref);
		guint index = other ? other->index : PM_THREAD_NONE;

		g_array_append_val(refs, index);
	}
}

static void
set_anchor(PmNode *node, const PmNode *through)
{
	node->anchor_state = PM_ANCHOR_KNOWN;
	node->now.anchor = NULL;
	if (through == NULL)
		return;
	node->now.anchor =
		pm_node_is_submission(through) ? through->msgid : through->now.anchor;
	if (pm_node_is_submission(node))
		return;
	node->now.patch_id = through->now.patch_id;
	node->now.cover_id = through->now.cover_id;
}

/* The anchors of those that have none yet; the others lead where they are known to. */
static void
find_anchors(PmBatch *batch)
{
	guint n = pm_nodes_count(batch->nodes);
	g_autofree PmThreadMail *mails = g_new0(PmThreadMail, n);
	g_autofree guint *first = g_new(guint, n + 1);
	g_autoptr(GArray) refs = g_array_new(FALSE, FALSE, sizeof(guint));

	for (guint i = 0; i < n; i++) {
		const PmNode *node = pm_nodes_at(batch->nodes, i);

		first[i] = refs->len;
		mails[i].msgid = node->msgid;
		mails[i].kind = thread_kind(node);
		mails[i].leads = node->now.anchor != NULL;
		mails[i].is_open = node->is_open;
		if (node->anchor_state == PM_ANCHOR_UNKNOWN)
			number_references(batch, node, refs);
	}
	first[n] = refs->len;
	for (guint i = 0; i < n; i++) {
		mails[i].refs = (const guint *)refs->data + first[i];
		mails[i].n_refs = first[i + 1] - first[i];
	}
	pm_thread_resolve(mails, n);
	for (guint i = 0; i < n; i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);

		if (node->anchor_state != PM_ANCHOR_UNKNOWN)
			continue;
		node->is_open = mails[i].is_open;
		set_anchor(node, mails[i].end == PM_THREAD_NONE
					 ? NULL
					 : pm_nodes_at(batch->nodes, mails[i].end));
	}
}

static void
settle_kind(PmNode *node)
{
	if (pm_node_is_submission(node) || node->now.kind == PM_NODE_IGNORED ||
	    node->now.kind == PM_NODE_GHOST)
		return;
	/* The text of discussion is not kept, so it can become nothing else. */
	if (node->was.kind == PM_NODE_DISCUSSION)
		return;
	/* References in a circle may lead nowhere from here; what is shown stays so. */
	if (node->was.kind == PM_NODE_REPLY && node->now.anchor == NULL)
		node->now = node->was;
	if (node->now.anchor != NULL)
		node->now.kind = PM_NODE_REPLY;
	else
		node->now.kind = node->is_open ? PM_NODE_HELD : PM_NODE_DISCUSSION;
}

static gboolean
is_moved(const PmNode *node)
{
	return node->now.kind != node->was.kind ||
	       g_strcmp0(node->now.anchor, node->was.anchor) != 0;
}

gboolean
pm_batch_thread(PmBatch *batch, GError **error)
{
	if (!load_clusters(batch, error))
		return FALSE;
	forget_anchors(batch);
	find_anchors(batch);
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);

		settle_kind(node);
		if (is_moved(node))
			node->is_dirty = TRUE;
	}
	return TRUE;
}
