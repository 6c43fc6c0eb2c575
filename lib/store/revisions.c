/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

/*
 * Which series replaces which. A later version mostly comes in a thread of its own, and
 * so in another cluster: its relatives are found by title and change-id. Nothing of
 * them changes but the recorded link: v2 may have come before v1.
 *
 *     this batch ──── near: a title or a change-id in common; their links may change
 *                      └─── far: the same with near ones, which they may rather replace
 */

/* Columns of find_relatives behind those of find_members. */
enum {
	COL_IS_NEAR = 27,
	COL_SUPERSEDES,
	COL_REASON,
};

static PmParams *
relatives_params(void)
{
	static const PmType types[] = {PM_TYPE_INT8, PM_TYPE_TEXT, PM_TYPE_INT4,
				       PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_INT8,
				       PM_TYPE_TEXT, PM_TYPE_INT8};

	return pm_columns_new(types, G_N_ELEMENTS(types));
}

static void
add_key(PmParams *params, const PmEntry *entry)
{
	pm_params_add_int(params, 3, entry->project->id);
	pm_params_add_text(params, 4, entry->item->author->email);
	pm_params_add_int(params, 5, pm_correlate_title_key(pm_node_title_of(entry)));
	pm_params_add_text(params, 6, entry->mail->change_id);
	pm_params_add_int(params, 7, entry->sent);
}

guint
pm_batch_foresee_relatives(PmBatch *batch)
{
	PmParams *params = relatives_params();
	gboolean is_asked = FALSE;

	for (guint i = 0; i < batch->n_entries; i++) {
		const PmEntry *entry = batch->entries[i];

		if (!pm_batch_is_storable(entry) || !pm_batch_is_submission(entry))
			continue;
		is_asked = TRUE;
		add_key(params, entry);
		pm_params_add_text(params, 1, entry->mail->msgid);
		pm_params_add_int(params, 2, entry->project->id);
		for (char **ref = entry->mail->refs; *ref != NULL; ref++) {
			pm_params_add_text(params, 1, *ref);
			pm_params_add_int(params, 2, entry->project->id);
		}
	}
	return pm_pg_send_where(batch->pg, PM_SQL_FIND_RELATIVES, params, is_asked);
}

guint
pm_batch_ask_relatives(PmBatch *batch)
{
	PmParams *params = relatives_params();
	GHashTableIter iter;
	gpointer label;

	for (guint i = 0; i < batch->fresh->len; i++) {
		const PmNode *node = g_ptr_array_index(batch->fresh, i);

		if (pm_node_is_submission(node))
			add_key(params, node->entry);
	}
	g_hash_table_iter_init(&iter, batch->known);
	while (g_hash_table_iter_next(&iter, &label, NULL)) {
		gint64 root = pm_labels_find(batch->clusters, *(gint64 *)label);

		if (g_hash_table_contains(batch->touched, &root))
			pm_params_add_int(params, 0, *(gint64 *)label);
	}
	gboolean is_asked =
		pm_params_rows(params, 0) > 0 || pm_params_rows(params, 3) > 0;
	return pm_pg_send_where(batch->pg, PM_SQL_FIND_RELATIVES, params, is_asked);
}

void
pm_batch_read_relatives(PmBatch *batch, const PmRows *rows)
{
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		PmRelative relative = {
			.node = pm_nodes_from_row(batch->nodes, rows, i, TRUE),
			.is_near = pm_rows_bool(rows, i, COL_IS_NEAR),
			.supersedes_id = (int)pm_rows_int(rows, i, COL_SUPERSEDES),
			.reason = pm_nodes_string(
				batch->nodes, pm_rows_text_or_null(rows, i, COL_REASON)),
		};

		g_array_append_val(batch->relatives, relative);
	}
}

/* The submissions of one project, and the series that each is in. */
typedef struct {
	GPtrArray *nodes;   /* of PmNode */
	GArray *numbers;    /* of int: place of the series in rows, from 1 */
	GPtrArray *rows;    /* of PmSeriesRow */
	GHashTable *number; /* PmSeriesRow -> its place */
} PmFamily;

static void
free_family(gpointer data)
{
	PmFamily *family = data;

	g_ptr_array_unref(family->nodes);
	g_array_unref(family->numbers);
	g_ptr_array_unref(family->rows);
	g_hash_table_unref(family->number);
	g_free(family);
}

static PmFamily *
family_of(GHashTable *families, int project_id)
{
	PmFamily *family = g_hash_table_lookup(families, GINT_TO_POINTER(project_id));

	if (family != NULL)
		return family;
	family = g_new0(PmFamily, 1);
	family->nodes = g_ptr_array_new();
	family->numbers = g_array_new(FALSE, FALSE, sizeof(int));
	family->rows = g_ptr_array_new();
	family->number = g_hash_table_new(NULL, NULL);
	g_hash_table_insert(families, GINT_TO_POINTER(project_id), family);
	return family;
}

static void
add_member(GHashTable *families, PmNode *node, PmSeriesRow *series)
{
	PmFamily *family = family_of(families, node->project_id);
	int number = GPOINTER_TO_INT(g_hash_table_lookup(family->number, series));

	if (number == 0) {
		g_ptr_array_add(family->rows, series);
		number = (int)family->rows->len;
		g_hash_table_insert(family->number, series, GINT_TO_POINTER(number));
	}
	g_ptr_array_add(family->nodes, node);
	g_array_append_val(family->numbers, number);
}

/* The row of a relative: there for its id and its link, nothing else of it is known. */
static PmSeriesRow *
relative_row(PmBatch *batch, const PmRelative *relative)
{
	int id = relative->node->was.series_id;
	PmSeriesRow *series = g_hash_table_lookup(batch->series, GINT_TO_POINTER(id));

	if (series != NULL)
		return series;
	series = pm_batch_add_series(batch, relative->node->project_id);
	series->id = id;
	series->is_near = relative->is_near;
	if (relative->is_near) {
		series->was_supersedes_id = relative->supersedes_id;
		series->was_supersedes_reason = relative->reason;
	}
	g_hash_table_insert(batch->series, GINT_TO_POINTER(id), series);
	return series;
}

static void
link_family(PmBatch *batch, const PmFamily *family)
{
	guint n = family->nodes->len;
	g_autofree PmFact *facts = g_new(PmFact, n);

	if (family->rows->len < 2)
		return;
	for (guint i = 0; i < n; i++) {
		facts[i] = pm_batch_fact(batch, g_ptr_array_index(family->nodes, i));
		facts[i].fixed_series = g_array_index(family->numbers, int, i);
	}
	g_autoptr(PmGrouping) grouping = pm_correlate_revisions(facts, n);
	for (guint i = 0; i < grouping->n_groups; i++) {
		const PmGroup *group = &grouping->groups[i];
		if (group->supersedes < 0 || group->fixed_series == 0)
			continue;
		PmSeriesRow *series = family->rows->pdata[group->fixed_series - 1];
		int old = grouping->groups[group->supersedes].fixed_series;

		if (old == 0 || (!series->is_taken && !series->is_near))
			continue;
		series->supersedes = family->rows->pdata[old - 1];
		series->supersedes_reason = group->supersedes_reason;
	}
}

void
pm_batch_revise(PmBatch *batch)
{
	g_autoptr(GHashTable) families =
		g_hash_table_new_full(NULL, NULL, NULL, free_family);
	GHashTableIter iter;
	gpointer family;

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);

		if (pm_node_is_submission(node) && node->series != NULL)
			add_member(families, node, node->series);
	}
	for (guint i = 0; i < batch->relatives->len; i++) {
		const PmRelative *relative =
			&g_array_index(batch->relatives, PmRelative, i);

		if (relative->node->series == NULL && relative->node->was.series_id != 0)
			add_member(families, relative->node,
				   relative_row(batch, relative));
	}
	g_hash_table_iter_init(&iter, families);
	while (g_hash_table_iter_next(&iter, NULL, &family))
		link_family(batch, family);
}
