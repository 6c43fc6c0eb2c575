/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

/*
 * Events as rows and as notifications. They are the last that a batch writes, under a
 * lock that all writers share until they have committed: ids and dates rise in the order in
 * which readers get to see them, whichever project they are of. Who polls for what
 * is newer than the last one misses nothing.
 */

const char *
pm_batch_linkname(const PmBatch *batch, int project_id)
{
	guint n;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);

	for (guint i = 0; i < n; i++)
		if (projects[i]->id == project_id)
			return projects[i]->linkname;
	return "";
}

/* Where a comment hangs is known only when every row has its id. */
static const char *
category_of(const PmEventPlan *plan)
{
	if (plan->category != NULL)
		return plan->category;
	g_assert(plan->node != NULL);
	return plan->node->now.patch_id ? "patch-comment-created"
					: "cover-comment-created";
}

static void
add_event(const PmBatch *batch, PmParams *rows, const PmEventPlan *plan)
{
	const PmNode *node = plan->node;
	const PmNode *lead = node ? node : plan->series->lead;
	gboolean is_reply = node != NULL && node->now.kind == PM_NODE_REPLY;
	int comment_id = is_reply ? node->now.comment_id : 0;

	pm_params_add_text(rows, 0, category_of(plan));
	pm_params_add_int(rows, 1, lead->project_id);
	pm_params_add_id(rows, 2, plan->series ? plan->series->id : 0);
	pm_params_add_id(rows, 3, node ? node->now.cover_id : 0);
	pm_params_add_id(rows, 4, node ? node->now.patch_id : 0);
	pm_params_add_id(rows, 5, node && node->now.patch_id ? 0 : comment_id);
	pm_params_add_id(rows, 6, node && node->now.patch_id ? comment_id : 0);
	pm_params_add_text(rows, 7, pm_batch_linkname(batch, lead->project_id));
	pm_params_add_text(rows, 8, lead->msgid);
}

void
pm_batch_send_events(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_TEXT, PM_TYPE_INT4, PM_TYPE_INT4,
				       PM_TYPE_INT4, PM_TYPE_INT4, PM_TYPE_INT4,
				       PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_TEXT};
	PmParams *rows = pm_columns_new(types, G_N_ELEMENTS(types));

	for (guint i = 0; i < batch->events->len; i++)
		add_event(batch, rows, &g_array_index(batch->events, PmEventPlan, i));
	PmParams *series = pm_batch_superseding(batch);

	if (batch->events->len > 0 || pm_params_rows(series, 0) > 0)
		(void)pm_pg_send(batch->pg, PM_SQL_LOCK_EVENTS, NULL);
	pm_batch_send_if_any(batch, PM_SQL_INSERT_EVENTS, rows);
	pm_batch_send_if_any(batch, PM_SQL_SUPERSEDE_PATCHES, series);
}
