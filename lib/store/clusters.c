/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

/*
 * Loading the clusters that a batch changes. Which these are is known only when the mails
 * it refers to are; but for a few mails they nearly always are the clusters of what
 * they answer. So those come with the first question, and a round trip is spent only on
 * what was not foreseen.
 */

enum {
	/* Entries of a batch for which that is done: in a large one the round trip costs
	 * little, and most of its mails may be known already. */
	FORESEE_MAX = 64,
	/* In find_near, behind the columns of find_members. */
	COL_SERIES = 27,
	COL_SUPERSEDES = 35,
	COL_CLUSTER = 4,
};

static void
mark(GHashTable *set, gint64 cluster)
{
	g_hash_table_add(set, g_memdup2(&cluster, sizeof(cluster)));
}

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
		mark(set, g_array_index(roots, gint64, i));
}

/*
 * Database clusters that became one with another have to be grouped anew, and those two
 * threads of which became one: kinship may have joined them long before a mail shows that
 * what both refer to is the same.
 */
static void
touch_merged(PmBatch *batch)
{
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);
		gint64 root = pm_labels_find(batch->clusters, node->cluster);
		gint64 thread = pm_labels_find(batch->threads, node->thread);

		if (node->is_stored && (root != node->cluster || thread != node->thread))
			mark(batch->touched, root);
	}
}

/*
 * The stored clusters to load: those seen whose set is in wanted, without those in loaded
 * (nullable). Clusters that kinship led to are in touched already, by their own label.
 */
static PmParams *
cluster_params(PmBatch *batch, GHashTable *wanted, GHashTable *loaded)
{
	PmParams *params = pm_params_new();
	GHashTableIter iter;
	gpointer key;

	pm_params_array(params, PM_TYPE_INT8);
	g_hash_table_iter_init(&iter, batch->known);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		gint64 root = pm_labels_find(batch->clusters, *(gint64 *)key);

		if (g_hash_table_contains(wanted, &root) &&
		    (loaded == NULL || !g_hash_table_contains(loaded, key)))
			pm_params_add_int(params, 0, *(gint64 *)key);
	}
	return params;
}

static void
note_stored_clusters(PmBatch *batch)
{
	GHashTableIter iter;
	gpointer key;

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);

		if (node->cluster > 0)
			mark(batch->known, node->cluster);
	}
	g_hash_table_iter_init(&iter, batch->touched);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		if (*(gint64 *)key > 0)
			mark(batch->known, *(gint64 *)key);
}

static PmSeriesRow *
series_from_row(PmBatch *batch, const PmRows *rows, guint row, guint column)
{
	PmSeriesRow *series = pm_batch_add_series(batch, 0);

	series->id = (int)pm_rows_int(rows, row, column);
	series->was_total = (int)pm_rows_int(rows, row, column + 1);
	series->was_version = (int)pm_rows_int(rows, row, column + 2);
	series->was_name = pm_nodes_string(batch->nodes,
					   pm_rows_text_or_null(rows, row, column + 3));
	series->was_cover_id = (int)pm_rows_int(rows, row, column + 4);
	series->was_submitter_id = (int)pm_rows_int(rows, row, column + 5);
	series->was_date = pm_rows_int(rows, row, column + 6);
	series->is_decided = pm_rows_bool(rows, row, column + 7);
	return series;
}

/* The series at this column of a row, made if it is new; NULL where the mail has none. */
static PmSeriesRow *
take_series(PmBatch *batch, const PmRows *rows, guint row, guint column)
{
	gpointer id = GINT_TO_POINTER((int)pm_rows_int(rows, row, column));
	PmSeriesRow *series = g_hash_table_lookup(batch->series, id);

	if (id == NULL || series != NULL)
		return series;
	series = series_from_row(batch, rows, row, column);
	g_hash_table_insert(batch->series, id, series);
	return series;
}

void
pm_batch_read_series(PmBatch *batch, const PmRows *rows)
{
	for (guint i = 0; i < pm_rows_count(rows); i++)
		(void)take_series(batch, rows, i, 0);
}

static void
note_revision(PmBatch *batch, PmSeriesRow *series, const PmRows *rows, guint row,
	      guint column)
{
	series->was_supersedes_id = (int)pm_rows_int(rows, row, column);
	series->was_supersedes_reason =
		pm_nodes_string(batch->nodes, pm_rows_text(rows, row, column + 1));
}

static void
read_revisions(PmBatch *batch, const PmRows *revisions)
{
	for (guint i = 0; i < pm_rows_count(revisions); i++) {
		int id = (int)pm_rows_int(revisions, i, 0);
		PmSeriesRow *series =
			g_hash_table_lookup(batch->series, GINT_TO_POINTER(id));

		if (series != NULL)
			note_revision(batch, series, revisions, i, 1);
	}
}

static void
read_nodes(PmBatch *batch, const PmRows *rows)
{
	for (guint i = 0; i < pm_rows_count(rows); i++)
		(void)pm_nodes_from_row(batch->nodes, rows, i, TRUE);
}

void
pm_batch_foresee_clusters(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_TEXT, PM_TYPE_INT4};

	batch->has_near = FALSE;
	/* Adoption asks more questions in between, after which the answer is lost. */
	if (batch->n_entries > FORESEE_MAX || batch->looks_for_foreign)
		return;
	PmParams *params = pm_columns_new(types, G_N_ELEMENTS(types));
	for (guint i = 0; i < batch->n_entries; i++) {
		const PmEntry *entry = batch->entries[i];

		if (!pm_batch_is_storable(entry) || !pm_batch_is_submission(entry))
			continue;
		pm_params_add_text(params, 0, entry->mail->msgid);
		pm_params_add_int(params, 1, entry->project->id);
		for (char **ref = entry->mail->refs; *ref != NULL; ref++) {
			pm_params_add_text(params, 0, *ref);
			pm_params_add_int(params, 1, entry->project->id);
		}
	}
	batch->near = pm_pg_send_rows(batch->pg, PM_SQL_FIND_NEAR, params);
	batch->near_relatives = pm_batch_foresee_relatives(batch);
	batch->near_trip = pm_pg_trips(batch->pg) + 1;
	batch->has_near = TRUE;
}

/* Rows of find_near, or none: other questions may have been asked since. */
static const PmRows *
near_rows(const PmBatch *batch)
{
	return batch->has_near && batch->near_trip == pm_pg_trips(batch->pg)
		       ? pm_pg_rows(batch->pg, batch->near)
		       : NULL;
}

/*
 * Takes the series of those clusters that do change, and notes which these are: a
 * series whose mails are not grouped anew must not be among those that are written.
 */
static void
read_near_series(PmBatch *batch, const PmRows *rows, GHashTable *loaded)
{
	for (guint i = 0; rows != NULL && i < pm_rows_count(rows); i++) {
		gint64 cluster = pm_rows_int(rows, i, COL_CLUSTER);
		gint64 root = pm_labels_find(batch->clusters, cluster);

		if (!g_hash_table_contains(batch->touched, &root))
			continue;
		PmSeriesRow *series = take_series(batch, rows, i, COL_SERIES);
		if (series != NULL)
			note_revision(batch, series, rows, i, COL_SUPERSEDES);
		mark(loaded, cluster);
	}
}

/*
 * Whether the relatives that came with the first question are those of this batch: of all
 * its submissions, and of none that turned out to be known, whose series is not here.
 */
static gboolean
is_all_foreseen(const PmBatch *batch)
{
	guint n_asked = 0, n_fresh = 0;

	for (guint i = 0; i < batch->n_entries; i++) {
		const PmEntry *entry = batch->entries[i];

		n_asked += entry->item != NULL && pm_batch_is_submission(entry);
	}
	for (guint i = 0; i < batch->fresh->len; i++)
		n_fresh += pm_node_is_submission(g_ptr_array_index(batch->fresh, i));
	return near_rows(batch) != NULL && n_asked == n_fresh;
}

gboolean
pm_batch_load_clusters(PmBatch *batch, GError **error)
{
	g_autoptr(GHashTable) loaded =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

	if (near_rows(batch) != NULL)
		read_nodes(batch, near_rows(batch));
	note_stored_clusters(batch);
	normalise(batch->clusters, batch->touched);
	touch_merged(batch);
	normalise(batch->clusters, batch->revived);
	read_near_series(batch, near_rows(batch), loaded);
	PmParams *missing = cluster_params(batch, batch->touched, loaded);
	gboolean is_foreseen = pm_params_rows(missing, 0) == 0 && is_all_foreseen(batch);
	if (is_foreseen)
		pm_batch_read_relatives(batch,
					pm_pg_rows(batch->pg, batch->near_relatives));
	guint members = pm_pg_send_rows(batch->pg, PM_SQL_FIND_MEMBERS, missing);
	guint others = pm_pg_send_rows(batch->pg, PM_SQL_FIND_THREADS,
				       cluster_params(batch, batch->revived, NULL));
	guint series = pm_pg_send_rows(batch->pg, PM_SQL_FIND_SERIES,
				       cluster_params(batch, batch->touched, loaded));
	guint revisions = pm_pg_send_rows(batch->pg, PM_SQL_FIND_REVISIONS,
					  cluster_params(batch, batch->touched, loaded));
	guint relatives = is_foreseen ? 0 : pm_batch_ask_relatives(batch);
	if (!pm_pg_sync(batch->pg, error))
		return FALSE;
	read_nodes(batch, pm_pg_rows(batch->pg, members));
	read_nodes(batch, pm_pg_rows(batch->pg, others));
	pm_batch_read_series(batch, pm_pg_rows(batch->pg, series));
	read_revisions(batch, pm_pg_rows(batch->pg, revisions));
	if (!is_foreseen)
		pm_batch_read_relatives(batch, pm_pg_rows(batch->pg, relatives));
	return TRUE;
}
