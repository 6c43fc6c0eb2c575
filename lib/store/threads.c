/* SPDX-License-Identifier: GPL-2.0-or-later */
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

/*
 * The first reference of node that has not been worked out yet, or NULL where all are;
 * one that is being worked out is part of a loop and leads nowhere.
 */
static PmNode *
first_unknown(PmBatch *batch, const PmNode *node)
{
	for (char **ref = node->refs; ref != NULL && *ref != NULL; ref++) {
		PmNode *other = pm_nodes_find(batch->nodes, node->project_id, *ref);

		if (other == NULL)
			continue;
		if (pm_node_is_submission(other))
			return NULL;
		if (other->anchor_state == PM_ANCHOR_UNKNOWN)
			return other;
		if (other->now.anchor != NULL)
			return NULL;
	}
	return NULL;
}

static void
set_anchor(PmNode *node, const PmNode *through)
{
	gboolean is_direct = pm_node_is_submission(through);

	node->now.anchor = is_direct ? through->msgid : through->now.anchor;
	node->is_open = FALSE;
	if (pm_node_is_submission(node))
		return;
	node->now.patch_id = through->now.patch_id;
	node->now.cover_id = through->now.cover_id;
}

static void
decide_anchor(PmBatch *batch, PmNode *node)
{
	node->now.anchor = NULL;
	node->is_open = FALSE;
	node->anchor_state = PM_ANCHOR_KNOWN;
	for (char **ref = node->refs; ref != NULL && *ref != NULL; ref++) {
		PmNode *other = pm_nodes_find(batch->nodes, node->project_id, *ref);

		if (other != NULL &&
		    (pm_node_is_submission(other) || other->now.anchor != NULL)) {
			set_anchor(node, other);
			return;
		}
		if (other == NULL || other->is_open)
			node->is_open = TRUE;
	}
}

/* Depth first without recursion: threads are as deep as strangers like. */
static void
find_anchor(PmBatch *batch, PmNode *node, GPtrArray *stack)
{
	g_ptr_array_add(stack, node);
	while (stack->len > 0) {
		PmNode *top = g_ptr_array_index(stack, stack->len - 1);
		PmNode *next = first_unknown(batch, top);

		top->anchor_state = PM_ANCHOR_VISITING;
		if (next != NULL) {
			g_ptr_array_add(stack, next);
			continue;
		}
		decide_anchor(batch, top);
		g_ptr_array_set_size(stack, (int)stack->len - 1);
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
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);

		if (node->anchor_state != PM_ANCHOR_UNKNOWN)
			continue;
		find_anchor(batch, node, stack);
	}
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);

		settle_kind(node);
		if (is_moved(node))
			node->is_dirty = TRUE;
	}
	return TRUE;
}
