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
add_event(PmBatch *batch, PmParams *rows, const PmEventPlan *plan, gint64 id, guint i)
{
	const PmNode *node = plan->node;
	gboolean is_reply = node != NULL && node->now.kind == PM_NODE_REPLY;
	int comment_id = is_reply ? node->now.comment_id : 0;

	pm_params_add_int(rows, 0, id);
	pm_params_add_text(rows, 1, category_of(plan));
	pm_params_add_int(rows, 2, batch->event_date + i);
	pm_params_add_int(rows, 3, node ? node->project_id : plan->series->project_id);
	pm_params_add_id(rows, 4, plan->series ? plan->series->id : 0);
	pm_params_add_id(rows, 5, node ? node->now.cover_id : 0);
	pm_params_add_id(rows, 6, node ? node->now.patch_id : 0);
	pm_params_add_id(rows, 7, node && node->now.patch_id ? 0 : comment_id);
	pm_params_add_id(rows, 8, node && node->now.patch_id ? comment_id : 0);
}

void
pm_batch_send_events(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_TIMESTAMP,
				       PM_TYPE_INT4, PM_TYPE_INT4, PM_TYPE_INT4,
				       PM_TYPE_INT4, PM_TYPE_INT4, PM_TYPE_INT4};
	static const PmType notice_types[] = {PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_TEXT,
					      PM_TYPE_TEXT};
	PmParams *rows = pm_columns_new(types, G_N_ELEMENTS(types));
	PmParams *notices = pm_columns_new(notice_types, G_N_ELEMENTS(notice_types));
	char *next = batch->event_ids;

	for (guint i = 0; i < batch->events->len; i++) {
		const PmEventPlan *plan = &g_array_index(batch->events, PmEventPlan, i);
		const PmNode *lead = plan->node ? plan->node : plan->series->lead;
		gint64 id = g_ascii_strtoll(next + 1, &next, 10);

		add_event(batch, rows, plan, id, i);
		pm_params_add_int(notices, 0, id);
		pm_params_add_text(notices, 1, category_of(plan));
		pm_params_add_text(notices, 2, linkname_of(batch, lead->project_id));
		pm_params_add_text(notices, 3, lead->msgid);
	}
	pm_batch_send_if_any(batch, PM_SQL_INSERT_EVENTS, rows);
	pm_batch_send_if_any(batch, PM_SQL_NOTIFY, notices);
}
