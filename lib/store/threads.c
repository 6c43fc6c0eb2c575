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
	g_autoptr(GPtrArray) stack = g_ptr_array_new();

	if (!pm_batch_load_clusters(batch, error))
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
