/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

/*
 * Events as rows and as notifications. Their dates rise by a microsecond each from
 * a time that was read under the projects' locks and is not behind any event that
 * was visible then: who polls by date misses nothing.
 */

static const char *
linkname_of(const PmBatch *batch, int project_id)
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
	return plan->node->now.patch_id ? "patch-comment-created"
					: "cover-comment-created";
}

static void
add_event(PmBatch *batch, PmParams *rows, const PmEventPlan *plan, guint i)
{
	const PmNode *node = plan->node;
	const PmNode *lead = node ? node : plan->series->lead;
	gboolean is_reply = node != NULL && node->now.kind == PM_NODE_REPLY;
	int comment_id = is_reply ? node->now.comment_id : 0;

	pm_params_add_text(rows, 0, category_of(plan));
	pm_params_add_int(rows, 1, batch->event_date + i);
	pm_params_add_int(rows, 2, lead->project_id);
	pm_params_add_id(rows, 3, plan->series ? plan->series->id : 0);
	pm_params_add_id(rows, 4, node ? node->now.cover_id : 0);
	pm_params_add_id(rows, 5, node ? node->now.patch_id : 0);
	pm_params_add_id(rows, 6, node && node->now.patch_id ? 0 : comment_id);
	pm_params_add_id(rows, 7, node && node->now.patch_id ? comment_id : 0);
	pm_params_add_text(rows, 8, linkname_of(batch, lead->project_id));
	pm_params_add_text(rows, 9, lead->msgid);
}

void
pm_batch_send_events(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_TEXT, PM_TYPE_TIMESTAMP, PM_TYPE_INT4,
				       PM_TYPE_INT4, PM_TYPE_INT4,	PM_TYPE_INT4,
				       PM_TYPE_INT4, PM_TYPE_INT4,	PM_TYPE_TEXT,
				       PM_TYPE_TEXT};
	PmParams *rows = pm_columns_new(types, G_N_ELEMENTS(types));

	for (guint i = 0; i < batch->events->len; i++)
		add_event(batch, rows, &g_array_index(batch->events, PmEventPlan, i), i);
	pm_batch_send_if_any(batch, PM_SQL_INSERT_EVENTS, rows);
}
