/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

#include <stdlib.h>
#include <string.h>

/*
 * Before the first row is written every row gets its id: people (whom another writer may
 * add at the same moment), then as many ids of each table as are needed, in one
 * round trip or, where all were foreseen, in none. Patch ids rise with the number in
 * the series where a batch brings several, since clients read them in that order.
 */

/* Few, for a restart loses them. */
enum { SPARE_IDS = 8 };

typedef struct {
	GPtrArray *patches, *covers, *patch_comments, *cover_comments, *series;
	GArray *labels; /* of gint64: clusters, then threads, that have no id yet */
	guint n_clusters;
} PmNeeds;

static void
clear_needs(PmNeeds *needs)
{
	g_ptr_array_unref(needs->patches);
	g_ptr_array_unref(needs->covers);
	g_ptr_array_unref(needs->patch_comments);
	g_ptr_array_unref(needs->cover_comments);
	g_ptr_array_unref(needs->series);
	g_array_unref(needs->labels);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmNeeds, clear_needs)

int
pm_batch_submitter(const PmBatch *batch, const PmNode *node)
{
	if (node->entry == NULL)
		return node->submitter_id;
	g_autofree char *key = pm_fold_email(node->entry->item->author->email);
	const PmPersonRow *person = g_hash_table_lookup(batch->people, key);

	return person->id;
}

void
pm_batch_target(const PmBatch *batch, const PmNode *node, int *patch_out, int *cover_out)
{
	const PmNode *anchor =
		node->now.anchor
			? pm_nodes_find(batch->nodes, node->project_id, node->now.anchor)
			: NULL;
	const PmNodePlace *place = anchor != NULL && pm_node_is_submission(anchor)
					   ? &anchor->now
					   : &node->now;

	*patch_out = place->patch_id;
	*cover_out = place->patch_id ? 0 : place->cover_id;
}

gint64
pm_batch_thread_id(const PmBatch *batch, const PmNode *node)
{
	return pm_labels_find(batch->threads, node->thread);
}

gint64
pm_batch_cluster_id(const PmBatch *batch, const PmNode *node)
{
	return pm_labels_find(batch->clusters, node->cluster);
}

static gboolean
is_on_patch(const PmBatch *batch, const PmNode *node)
{
	const PmNode *anchor =
		pm_nodes_find(batch->nodes, node->project_id, node->now.anchor);

	if (anchor != NULL && pm_node_is_submission(anchor))
		return anchor->now.kind == PM_NODE_PATCH;
	return node->now.patch_id != 0;
}

/* Whether the reply gets a row in a table where it had none. */
static gboolean
wants_comment_id(const PmBatch *batch, const PmNode *node)
{
	if (node->now.kind != PM_NODE_REPLY || !node->is_dirty)
		return FALSE;
	if (node->was.kind != PM_NODE_REPLY)
		return TRUE;
	return is_on_patch(batch, node) != (node->was.patch_id != 0);
}

static gint
compare_slots(gconstpointer a, gconstpointer b)
{
	const PmNode *x = *(PmNode *const *)a, *y = *(PmNode *const *)b;

	if (x->series != y->series)
		return 0;
	return x->now.slot - y->now.slot;
}

/* Mails stay in their order of arrival, but within a run of one series by number. */
static void
order_patches(GPtrArray *patches)
{
	guint start = 0;

	for (guint i = 1; i <= patches->len; i++) {
		const PmNode *first = g_ptr_array_index(patches, start);
		const PmNode *node =
			i < patches->len ? g_ptr_array_index(patches, i) : NULL;

		if (node != NULL && node->series == first->series)
			continue;
		qsort(patches->pdata + start, i - start, sizeof(gpointer), compare_slots);
		start = i;
	}
}

static void
need_label(PmNeeds *needs, PmLabels *labels, GHashTable *seen, gint64 label)
{
	gint64 root = pm_labels_find(labels, label);

	if (root < 0 && g_hash_table_add(seen, g_memdup2(&root, sizeof(root))))
		g_array_append_val(needs->labels, root);
}

static void
count_labels(PmBatch *batch, PmNeeds *needs)
{
	g_autoptr(GHashTable) clusters =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_autoptr(GHashTable) threads =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++)
		need_label(needs, batch->clusters, clusters,
			   pm_nodes_at(batch->nodes, i)->cluster);
	needs->n_clusters = needs->labels->len;
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++)
		need_label(needs, batch->threads, threads,
			   pm_nodes_at(batch->nodes, i)->thread);
}

static void
count_needs(PmBatch *batch, PmNeeds *needs)
{
	for (guint i = 0; i < batch->fresh->len; i++) {
		PmNode *node = g_ptr_array_index(batch->fresh, i);

		if (node->now.kind == PM_NODE_PATCH)
			g_ptr_array_add(needs->patches, node);
		else if (node->now.kind == PM_NODE_COVER)
			g_ptr_array_add(needs->covers, node);
	}
	order_patches(needs->patches);
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);

		if (wants_comment_id(batch, node))
			g_ptr_array_add(is_on_patch(batch, node) ? needs->patch_comments
								 : needs->cover_comments,
					node);
	}
	for (guint i = 0; i < batch->all_series->len; i++) {
		PmSeriesRow *series = g_ptr_array_index(batch->all_series, i);

		if (series->is_new)
			g_ptr_array_add(needs->series, series);
	}
	count_labels(batch, needs);
}

static void
give_ids(PmBatch *batch, PmNeeds *needs)
{
	PmIds *ids = batch->ids;

	for (guint i = 0; i < needs->patches->len; i++)
		((PmNode *)needs->patches->pdata[i])->now.patch_id =
			(int)pm_ids_take(ids, PM_ID_PATCH);
	for (guint i = 0; i < needs->covers->len; i++)
		((PmNode *)needs->covers->pdata[i])->now.cover_id =
			(int)pm_ids_take(ids, PM_ID_COVER);
	for (guint i = 0; i < needs->patch_comments->len; i++)
		((PmNode *)needs->patch_comments->pdata[i])->now.comment_id =
			(int)pm_ids_take(ids, PM_ID_PATCH_COMMENT);
	for (guint i = 0; i < needs->cover_comments->len; i++)
		((PmNode *)needs->cover_comments->pdata[i])->now.comment_id =
			(int)pm_ids_take(ids, PM_ID_COVER_COMMENT);
	for (guint i = 0; i < needs->series->len; i++)
		((PmSeriesRow *)needs->series->pdata[i])->id =
			(int)pm_ids_take(ids, PM_ID_SERIES);
	for (guint i = 0; i < needs->labels->len; i++)
		pm_labels_settle(i < needs->n_clusters ? batch->clusters : batch->threads,
				 g_array_index(needs->labels, gint64, i),
				 pm_ids_take(ids, PM_ID_LABEL));
}

static void
settle_places(PmBatch *batch)
{
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);

		if (pm_node_is_submission(node) && node->series != NULL)
			node->now.series_id = node->series->id;
		/* Ignored mails lead to a place, too, for what answers them. */
		if (!pm_node_is_submission(node) && node->now.anchor != NULL &&
		    node->is_dirty)
			pm_batch_target(batch, node, &node->now.patch_id,
					&node->now.cover_id);
	}
}

/* People whom nobody knows yet get a row; the newest name of a person wins. */
static void
note_author(PmBatch *batch, const PmNode *node)
{
	const PmAddress *author = node->entry->item->author;
	g_autofree char *key = pm_fold_email(author->email);
	PmPersonRow *person = g_hash_table_lookup(batch->people, key);

	if (person == NULL) {
		person = g_new0(PmPersonRow, 1);
		person->email = author->email;
		g_hash_table_insert(batch->people, g_strdup(key), person);
	}
	if (author->name != NULL && (*author->name != '\0' || person->new_name == NULL))
		person->new_name = author->name;
}

/* Only who wrote something that is shown: not the authors of what is held or ignored. */
static void
note_authors(PmBatch *batch)
{
	for (guint i = 0; i < batch->fresh->len; i++) {
		const PmNode *node = g_ptr_array_index(batch->fresh, i);

		if (pm_node_is_submission(node) || node->now.kind == PM_NODE_REPLY)
			note_author(batch, node);
	}
}

static gint
compare_texts(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Addresses that have no row, sorted so that two writers cannot wait for each other. */
static GPtrArray *
new_people(PmBatch *batch)
{
	GPtrArray *emails = g_ptr_array_new();
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, batch->people);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (((PmPersonRow *)value)->id == 0)
			g_ptr_array_add(emails, (gpointer)((PmPersonRow *)value)->email);
	g_ptr_array_sort(emails, compare_texts);
	return emails;
}

static guint
send_people(PmBatch *batch, const GPtrArray *emails)
{
	static const PmType types[] = {PM_TYPE_TEXT, PM_TYPE_TEXT};
	PmParams *people = pm_columns_new(types, 2);
	PmParams *again = pm_columns_new(types, 1);

	for (guint i = 0; i < emails->len; i++) {
		const char *email = g_ptr_array_index(emails, i);
		g_autofree char *key = pm_fold_email(email);
		const PmPersonRow *person = g_hash_table_lookup(batch->people, key);

		pm_params_add_text(people, 0, email);
		pm_params_add_text(people, 1, person->new_name);
		pm_params_add_text(again, 0, email);
	}
	(void)pm_pg_send(batch->pg, PM_SQL_INSERT_PEOPLE, people);
	return pm_pg_send(batch->pg, PM_SQL_FIND_PEOPLE, again);
}

/* Asks for what is missing yet; seldom anything, see pm_batch_foresee_ids(). */
static gboolean
fetch(PmBatch *batch, const PmNeeds *needs, const GPtrArray *emails, GError **error)
{
	const guint wanted[PM_ID_KINDS] = {
		[PM_ID_PATCH] = needs->patches->len,
		[PM_ID_COVER] = needs->covers->len,
		[PM_ID_PATCH_COMMENT] = needs->patch_comments->len,
		[PM_ID_COVER_COMMENT] = needs->cover_comments->len,
		[PM_ID_SERIES] = needs->series->len,
		[PM_ID_LABEL] = needs->labels->len,
	};
	guint people = 0, ids = 0;

	if (emails->len > 0)
		people = send_people(batch, emails);
	gboolean is_asked = pm_ids_send(batch->ids, batch->pg, wanted, 0, &ids);
	if (emails->len == 0 && !is_asked)
		return TRUE;
	if (!pm_pg_sync(batch->pg, error))
		return FALSE;
	if (emails->len > 0)
		pm_batch_read_people(batch, pm_pg_rows(batch->pg, people), emails);
	if (is_asked)
		pm_ids_add(batch->ids, pm_pg_rows(batch->pg, ids));
	return TRUE;
}

gboolean
pm_batch_foresee_ids(PmBatch *batch, guint *result_out)
{
	guint wanted[PM_ID_KINDS] = {0};

	for (guint i = 0; i < batch->n_entries; i++) {
		const PmEntry *entry = batch->entries[i];

		if (!pm_batch_is_storable(entry))
			continue;
		wanted[PM_ID_PATCH] += entry->item->kind == PM_KIND_PATCH;
		wanted[PM_ID_COVER] += entry->item->kind == PM_KIND_COVER;
		if (!batch->has_spare_ids)
			continue;
		gboolean is_comment = entry->item->kind == PM_KIND_COMMENT;
		wanted[PM_ID_SERIES] += !is_comment;
		wanted[PM_ID_PATCH_COMMENT] += is_comment;
		wanted[PM_ID_COVER_COMMENT] += is_comment;
		/* A thread and a cluster. */
		wanted[PM_ID_LABEL] += 2;
	}
	return pm_ids_send(batch->ids, batch->pg, wanted,
			   batch->has_spare_ids ? SPARE_IDS : 0, result_out);
}

gboolean
pm_batch_reserve(PmBatch *batch, GError **error)
{
	note_authors(batch);
	g_autoptr(GPtrArray) emails = new_people(batch);
	g_auto(PmNeeds) needs = {
		.patches = g_ptr_array_new(),
		.covers = g_ptr_array_new(),
		.patch_comments = g_ptr_array_new(),
		.cover_comments = g_ptr_array_new(),
		.series = g_ptr_array_new(),
		.labels = g_array_new(FALSE, FALSE, sizeof(gint64)),
	};

	count_needs(batch, &needs);
	if (!fetch(batch, &needs, emails, error))
		return FALSE;
	give_ids(batch, &needs);
	settle_places(batch);
	return TRUE;
}
