/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

/* What a batch changed in series that were there, for who wants to know. */

static gboolean
is_moved(const PmNode *node)
{
	return pm_node_is_submission(node) && node->was.series_id != 0 &&
	       node->series != NULL &&
	       (node->series->id != node->was.series_id ||
		node->now.slot != node->was.slot);
}

void
pm_batch_report_moves(const PmBatch *batch, PmStoreMoved moved, gpointer user_data)
{
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		const PmNode *node = pm_nodes_at(batch->nodes, i);
		PmMove move = {
			.project = pm_batch_linkname(batch, node->project_id),
			.msgid = node->msgid,
			.from_series = node->was.series_id,
			.from_number = node->was.slot,
			.to_series = node->series ? node->series->id : 0,
			.to_number = node->now.slot,
			.rule = node->rule ? node->rule : "decided",
		};

		if (is_moved(node))
			moved(&move, user_data);
	}
}
