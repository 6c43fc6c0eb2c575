/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/error.h"
#include "lib/store/arrange.h"
#include "lib/store/decide.h"

/*
 * Undoing a decision: its mails go back to where they were, series that it ended are made
 * again; then the rules decide about all of them as about any others.
 */

typedef struct {
	int id;
	GHashTable *made;    /* id as it was -> PmSeriesRow, those made again */
	PmSeriesRow *target; /* of the first mail: heir of what becomes empty */
} PmUndo;

/* Columns of find_decision. */
enum { COL_PROJECT, COL_IS_UNDONE, COL_LATER, COL_MSGID, COL_SERIES, COL_SLOT };

static gboolean
check(const PmRows *rows, int id, GError **error)
{
	if (pm_rows_count(rows) == 0)
		return pm_arrange_refuse(error, "there is no decision %d", id);
	if (pm_rows_bool(rows, 0, COL_IS_UNDONE))
		return pm_arrange_refuse(error, "decision %d is undone already", id);
	if (!pm_rows_is_null(rows, 0, COL_LATER))
		return pm_arrange_refuse(error,
					 "decision %s is about the same series and came "
					 "later; undo it first",
					 pm_rows_text(rows, 0, COL_LATER));
	return TRUE;
}

/* The series where the mails were, and where they are. (transfer full) */
static GArray *
series_concerned(PmPg *pg, const PmRows *rows, GError **error)
{
	static const PmType types[] = {PM_TYPE_TEXT, PM_TYPE_BOOL};
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int));
	PmParams *words = pm_columns_new(types, 2);

	for (guint i = 0; i < pm_rows_count(rows); i++) {
		int id = (int)pm_rows_int(rows, i, COL_SERIES);

		g_array_append_val(ids, id);
		pm_params_add_text(words, 0, pm_rows_text(rows, i, COL_MSGID));
		pm_params_add_bool(words, 1, FALSE);
	}
	pm_params_text(words, NULL);
	guint named = pm_pg_send(pg, PM_SQL_FIND_NAMED, words);
	if (!pm_pg_sync(pg, error))
		return NULL;
	for (guint i = 0; i < pm_rows_count(pm_pg_rows(pg, named)); i++) {
		int id = (int)pm_rows_int(pm_pg_rows(pg, named), i, 1);

		if (pm_rows_int(pm_pg_rows(pg, named), i, 2) ==
		    pm_rows_int(rows, 0, COL_PROJECT))
			g_array_append_val(ids, id);
	}
	return g_steal_pointer(&ids);
}

static PmSeriesRow *
series_as_it_was(PmBatch *batch, PmUndo *undo, const PmNode *node, int id)
{
	PmSeriesRow *series = pm_arrange_series(batch, id);

	if (series == NULL)
		series = g_hash_table_lookup(undo->made, GINT_TO_POINTER(id));
	if (series == NULL) {
		series = pm_batch_add_new_series(batch, node->project_id);
		g_hash_table_insert(undo->made, GINT_TO_POINTER(id), series);
	}
	return series;
}

static void
put_back(PmBatch *batch, PmUndo *undo, PmNode *node, int series_id, int slot)
{
	PmSeriesRow *series = series_as_it_was(batch, undo, node, series_id);

	/* Others may have come to that place since. */
	while (node->now.kind == PM_NODE_PATCH &&
	       pm_arrange_at(batch, series, slot) != NULL)
		slot++;
	if (node->now.kind == PM_NODE_COVER && pm_arrange_at(batch, series, 0) != NULL)
		series = pm_batch_add_new_series(batch, node->project_id);
	pm_arrange_place(node, series, slot);
	if (series->is_new) {
		series->version = MAX(series->version, node->version);
		series->total = MAX(series->total, node->has_number ? node->total : slot);
	}
	undo->target = undo->target ? undo->target : series;
}

static void
put_all_back(PmBatch *batch, PmUndo *undo, const PmRows *rows)
{
	int project_id = (int)pm_rows_int(rows, 0, COL_PROJECT);
	g_autoptr(GPtrArray) nodes = g_ptr_array_new();

	/* All leave first, since one may have the place of another. */
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		PmNode *node = pm_nodes_find(batch->nodes, project_id,
					     pm_rows_text(rows, i, COL_MSGID));

		if (node != NULL && pm_node_is_submission(node))
			node->series = NULL;
		g_ptr_array_add(nodes, node);
	}
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		PmNode *node = nodes->pdata[i];

		if (node != NULL && pm_node_is_submission(node))
			put_back(batch, undo, node, (int)pm_rows_int(rows, i, COL_SERIES),
				 MAX((int)pm_rows_int(rows, i, COL_SLOT), 1));
	}
}

static void
send_undo(PmBatch *batch, gpointer user_data)
{
	static const PmType types[] = {PM_TYPE_INT4, PM_TYPE_INT4};
	PmUndo *undo = user_data;
	PmParams *params = pm_params_new();
	GHashTableIter iter;
	gpointer id, series;

	pm_params_int4(params, undo->id);
	for (guint i = 0; i < G_N_ELEMENTS(types); i++)
		(void)pm_params_array(params, types[i]);
	g_hash_table_iter_init(&iter, undo->made);
	while (g_hash_table_iter_next(&iter, &id, &series)) {
		pm_params_add_int(params, 1, GPOINTER_TO_INT(id));
		pm_params_add_int(params, 2, ((PmSeriesRow *)series)->id);
	}
	batch->extra_result = pm_pg_send(batch->pg, PM_SQL_UNDO_DECISION, params);
}

/* As after any mail: what nobody keeps together is where the rules put it. */
static gboolean
regroup(PmPg *pg, PmCatalog *catalog, const PmBatch *before, int project_id,
	PmStoreMoved moved, gpointer user_data, GError **error)
{
	g_autoptr(PmBatch) batch = pm_batch_new(pg, before->ids, catalog, NULL, 0);
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int));

	for (guint i = 0; i < before->all_series->len; i++) {
		const PmSeriesRow *series = before->all_series->pdata[i];

		if (series->is_taken)
			g_array_append_val(ids, series->id);
	}
	if (!pm_arrange_load(batch, project_id, ids, error) ||
	    !pm_batch_group(batch, error))
		return FALSE;
	pm_batch_plan_events(batch);
	if (!pm_batch_write(batch, error))
		return FALSE;
	if (moved != NULL)
		pm_batch_report_moves(batch, moved, user_data);
	return TRUE;
}

static gboolean
undo_within(PmBatch *batch, PmUndo *undo, const PmRows *rows, gboolean dry_run,
	    GError **error)
{
	g_autoptr(GArray) ids = series_concerned(batch->pg, rows, error);

	if (ids == NULL ||
	    !pm_arrange_load(batch, (int)pm_rows_int(rows, 0, COL_PROJECT), ids, error))
		return FALSE;
	put_all_back(batch, undo, rows);
	pm_arrange_finish(batch, undo->target);
	pm_batch_plan_events(batch);
	if (dry_run) {
		pm_pg_rollback(batch->pg);
		return TRUE;
	}
	batch->send_extra = send_undo;
	batch->extra = undo;
	return pm_batch_write(batch, error);
}

gboolean
pm_decide_undo(PmStore *store, int id, gboolean dry_run, PmStoreMoved moved,
	       gpointer user_data, GError **error)
{
	g_autofree char *text = g_strdup_printf("%d", id);
	const char *const params[] = {text};
	PmPg *pg = pm_store_pg(store);
	g_autoptr(PmCatalog) catalog = pm_store_catalog(store, 0, error);
	g_autoptr(PmRows) rows =
		catalog ? pm_pg_query(pg, PM_SQL_FIND_DECISION, params, 1, error) : NULL;

	if (rows == NULL || !check(rows, id, error))
		return FALSE;
	g_autoptr(GHashTable) made = g_hash_table_new(NULL, NULL);
	g_autoptr(PmIds) ids = pm_ids_new();
	g_autoptr(PmBatch) batch = pm_batch_new(pg, ids, catalog, NULL, 0);
	PmUndo undo = {.id = id, .made = made};
	if (!undo_within(batch, &undo, rows, dry_run, error)) {
		pm_pg_rollback(pg);
		return FALSE;
	}
	if (moved != NULL)
		pm_batch_report_moves(batch, moved, user_data);
	if (dry_run || regroup(pg, catalog, batch, (int)pm_rows_int(rows, 0, COL_PROJECT),
			       moved, user_data, error))
		return TRUE;
	pm_pg_rollback(pg);
	return FALSE;
}
