/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

#include <string.h>

/*
 * What a later mail changed in rows that were there: patches in other slots, comments
 * on other submissions, series given up. Slots and covers are unique at once, so they
 * are freed first (vacations) and filled after the new rows are in.
 */

static gboolean
is_moved_patch(const PmNode *node)
{
	return node->was.kind == PM_NODE_PATCH && node->series != NULL &&
	       (node->series->id != node->was.series_id ||
		node->now.slot != node->was.slot);
}

static PmParams *
id_column(void)
{
	static const PmType types[] = {PM_TYPE_INT4};

	return pm_columns_new(types, 1);
}

void
pm_batch_send_vacations(PmBatch *batch)
{
	PmParams *patches = id_column();
	PmParams *series = id_column();

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		const PmNode *node = pm_nodes_at(batch->nodes, i);

		if (is_moved_patch(node))
			pm_params_add_int(patches, 0, node->now.patch_id);
	}
	for (guint i = 0; i < batch->all_series->len; i++) {
		const PmSeriesRow *row = g_ptr_array_index(batch->all_series, i);
		int cover_id = row->cover ? row->cover->now.cover_id : 0;

		if (row->was_cover_id != 0 && row->was_cover_id != cover_id)
			pm_params_add_int(series, 0, row->id);
	}
	pm_batch_send_if_any(batch, PM_SQL_VACATE_PATCHES, patches);
	pm_batch_send_if_any(batch, PM_SQL_DETACH_SERIES_COVERS, series);
}

static void
send_patch_moves(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_INT4, PM_TYPE_INT4, PM_TYPE_INT4};
	PmParams *places = pm_columns_new(types, 3);
	PmParams *events = pm_columns_new(types, 2);
	PmParams *retracted = id_column();

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		const PmNode *node = pm_nodes_at(batch->nodes, i);
		gboolean was_completed = pm_node_was_completed(batch, node);

		if (was_completed && !pm_node_is_completed(node))
			pm_params_add_int(retracted, 0, node->now.patch_id);
		if (!is_moved_patch(node))
			continue;
		pm_params_add_int(places, 0, node->now.patch_id);
		pm_params_add_int(places, 1, node->now.series_id);
		pm_params_add_int(places, 2, node->now.slot);
		if (!was_completed)
			continue;
		pm_params_add_int(events, 0, node->now.patch_id);
		pm_params_add_int(events, 1, node->now.series_id);
	}
	pm_batch_send_if_any(batch, PM_SQL_PLACE_PATCHES, places);
	pm_batch_send_if_any(batch, PM_SQL_RETRACT_PATCH_COMPLETED, retracted);
	pm_batch_send_if_any(batch, PM_SQL_MOVE_EVENTS, events);
}

/* Where Patchwork looks a mail up, it finds the series that the mail is in now. */
static void
send_reference_moves(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_INT4,
				       PM_TYPE_INT4};
	PmParams *moved = pm_columns_new(types, 4);

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		const PmNode *node = pm_nodes_at(batch->nodes, i);

		if (node->entry != NULL || !pm_node_is_submission(node) ||
		    node->was.series_id == 0 ||
		    node->now.series_id == node->was.series_id)
			continue;
		pm_params_add_int(moved, 0, node->project_id);
		pm_params_add_text(moved, 1, node->msgid);
		pm_params_add_int(moved, 2, node->was.series_id);
		pm_params_add_int(moved, 3, node->now.series_id);
	}
	pm_batch_send_if_any(batch, PM_SQL_MOVE_REFERENCES, moved);
}

static void
send_given_up(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_INT4, PM_TYPE_INT4};
	PmParams *references = pm_columns_new(types, 2);
	PmParams *dependencies = pm_columns_new(types, 2);
	PmParams *events = id_column();
	PmParams *deleted = id_column();
	PmParams *unfinished = id_column();

	for (guint i = 0; i < batch->all_series->len; i++) {
		const PmSeriesRow *series = g_ptr_array_index(batch->all_series, i);

		if (series->was_whole && !series->is_whole && !series->is_given_up)
			pm_params_add_int(unfinished, 0, series->id);
		if (!series->is_given_up || series->heir == NULL)
			continue;
		pm_params_add_int(references, 0, series->id);
		pm_params_add_int(references, 1, series->heir->id);
		pm_params_add_int(dependencies, 0, series->id);
		pm_params_add_int(dependencies, 1, series->heir->id);
		pm_params_add_int(events, 0, series->id);
		pm_params_add_int(deleted, 0, series->id);
	}
	pm_batch_send_if_any(batch, PM_SQL_FORWARD_REFERENCES, references);
	pm_batch_send_if_any(batch, PM_SQL_FORWARD_DEPENDENCIES, dependencies);
	pm_batch_send_if_any(batch, PM_SQL_RETRACT_SERIES, events);
	pm_batch_send_if_any(batch, PM_SQL_RETRACT_SERIES_COMPLETED, unfinished);
	pm_batch_send_if_any(batch, PM_SQL_DELETE_SERIES, deleted);
}

static void
send_revisions(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_INT4, PM_TYPE_INT4, PM_TYPE_TEXT};
	PmParams *links = pm_columns_new(types, 3);
	PmParams *dropped = pm_columns_new(types, 2);

	for (guint i = 0; i < batch->all_series->len; i++) {
		const PmSeriesRow *series = g_ptr_array_index(batch->all_series, i);
		int supersedes_id = series->supersedes ? series->supersedes->id : 0;

		if (series->is_given_up ||
		    (series->was_supersedes_id && !supersedes_id)) {
			pm_params_add_int(dropped, 0, series->id);
			pm_params_add_id(dropped, 1,
					 series->is_given_up ? series->id : 0);
		}
		if (series->is_given_up || supersedes_id == 0 ||
		    (supersedes_id == series->was_supersedes_id &&
		     g_strcmp0(series->supersedes_reason,
			       series->was_supersedes_reason) == 0))
			continue;
		pm_params_add_int(links, 0, series->id);
		pm_params_add_int(links, 1, supersedes_id);
		pm_params_add_text(links, 2, series->supersedes_reason);
	}
	pm_batch_send_if_any(batch, PM_SQL_DELETE_REVISIONS, dropped);
	pm_batch_send_if_any(batch, PM_SQL_INSERT_REVISIONS, links);
}

/* Which statement takes a reply from where it was to where it belongs. */
static PmSql
comment_move(const PmNode *node)
{
	gboolean to_patch = node->now.patch_id != 0;

	if (node->was.kind == PM_NODE_HELD)
		return to_patch ? PM_SQL_ADOPT_ORPHANS_PATCH : PM_SQL_ADOPT_ORPHANS_COVER;
	if ((node->was.patch_id != 0) == to_patch)
		return to_patch ? PM_SQL_MOVE_PATCH_COMMENTS : PM_SQL_MOVE_COVER_COMMENTS;
	return to_patch ? PM_SQL_COMMENTS_TO_PATCHES : PM_SQL_COMMENTS_TO_COVERS;
}

static void
add_comment_move(PmParams *params, PmSql sql, const PmNode *node)
{
	int target = node->now.patch_id ? node->now.patch_id : node->now.cover_id;

	if (sql == PM_SQL_ADOPT_ORPHANS_PATCH || sql == PM_SQL_ADOPT_ORPHANS_COVER) {
		pm_params_add_int(params, 0, node->now.comment_id);
		pm_params_add_text(params, 1, node->msgid);
		pm_params_add_int(params, 2, node->project_id);
		pm_params_add_int(params, 3, target);
		return;
	}
	pm_params_add_int(params, 0, node->was.comment_id);
	if (sql == PM_SQL_COMMENTS_TO_PATCHES || sql == PM_SQL_COMMENTS_TO_COVERS) {
		pm_params_add_int(params, 1, node->now.comment_id);
		pm_params_add_int(params, 2, target);
		return;
	}
	pm_params_add_int(params, 1, target);
}

static gboolean
is_moved_reply(const PmNode *node)
{
	return node->entry == NULL && node->now.kind == PM_NODE_REPLY && node->is_dirty &&
	       (node->was.kind == PM_NODE_HELD ||
		g_strcmp0(node->was.anchor, node->now.anchor) != 0);
}

static void
send_comment_moves(PmBatch *batch)
{
	static const struct {
		PmSql sql;
		PmType types[4];
		guint n;
	} kinds[] = {
		{PM_SQL_ADOPT_ORPHANS_PATCH,
		 {PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_INT4, PM_TYPE_INT4},
		 4},
		{PM_SQL_ADOPT_ORPHANS_COVER,
		 {PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_INT4, PM_TYPE_INT4},
		 4},
		{PM_SQL_MOVE_PATCH_COMMENTS, {PM_TYPE_INT4, PM_TYPE_INT4}, 2},
		{PM_SQL_MOVE_COVER_COMMENTS, {PM_TYPE_INT4, PM_TYPE_INT4}, 2},
		{PM_SQL_COMMENTS_TO_PATCHES,
		 {PM_TYPE_INT4, PM_TYPE_INT4, PM_TYPE_INT4},
		 3},
		{PM_SQL_COMMENTS_TO_COVERS,
		 {PM_TYPE_INT4, PM_TYPE_INT4, PM_TYPE_INT4},
		 3},
	};

	for (guint k = 0; k < G_N_ELEMENTS(kinds); k++) {
		PmParams *params = pm_columns_new(kinds[k].types, kinds[k].n);

		for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
			const PmNode *node = pm_nodes_at(batch->nodes, i);

			if (is_moved_reply(node) && comment_move(node) == kinds[k].sql)
				add_comment_move(params, kinds[k].sql, node);
		}
		pm_batch_send_if_any(batch, kinds[k].sql, params);
	}
}

/* Events of moved comments go; the new place is announced like any other. */
static void
send_comment_retractions(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_INT4, PM_TYPE_INT4};
	static const PmType orphan_types[] = {PM_TYPE_TEXT, PM_TYPE_INT4};
	PmParams *events = pm_columns_new(types, 2);
	PmParams *orphans = pm_columns_new(orphan_types, 2);

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		const PmNode *node = pm_nodes_at(batch->nodes, i);

		if (node->was.kind == PM_NODE_HELD &&
		    node->now.kind == PM_NODE_DISCUSSION) {
			pm_params_add_text(orphans, 0, node->msgid);
			pm_params_add_int(orphans, 1, node->project_id);
		}
		if (!is_moved_reply(node) || node->was.kind != PM_NODE_REPLY)
			continue;
		pm_params_add_id(events, 0,
				 node->was.patch_id ? node->was.comment_id : 0);
		pm_params_add_id(events, 1,
				 node->was.patch_id ? 0 : node->was.comment_id);
	}
	pm_batch_send_if_any(batch, PM_SQL_RETRACT_COMMENT_EVENTS, events);
	pm_batch_send_if_any(batch, PM_SQL_DROP_ORPHANS, orphans);
}

static void
send_orphan_people(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_TEXT, PM_TYPE_INT4};
	PmParams *params = pm_columns_new(types, 2);

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		const PmNode *node = pm_nodes_at(batch->nodes, i);

		if (!is_moved_reply(node) || node->was.kind != PM_NODE_HELD)
			continue;
		pm_params_add_text(params, 0, node->msgid);
		pm_params_add_int(params, 1, node->project_id);
	}
	pm_batch_send_if_any(batch, PM_SQL_INSERT_ORPHAN_PEOPLE, params);
}

/* Held replies that are held here as well now, from where they are taken below. */
static void
send_fetched(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_TEXT, PM_TYPE_INT4, PM_TYPE_INT4};
	PmParams *params = pm_columns_new(types, 3);

	for (guint i = 0; i < batch->fetched->len; i++) {
		const PmFetched *one = &g_array_index(batch->fetched, PmFetched, i);

		pm_params_add_text(params, 0, one->node->msgid);
		pm_params_add_int(params, 1, one->from_id);
		pm_params_add_int(params, 2, one->to_id);
	}
	pm_batch_send_if_any(batch, PM_SQL_COPY_ORPHANS, params);
}

void
pm_batch_send_moves(PmBatch *batch)
{
	send_fetched(batch);
	send_orphan_people(batch);
	send_comment_retractions(batch);
	send_comment_moves(batch);
	send_patch_moves(batch);
	send_revisions(batch);
	send_reference_moves(batch);
	send_given_up(batch);
}
