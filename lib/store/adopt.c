/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

#include <string.h>

#include "lib/text/idrun.h"
#include "lib/text/msgid.h"
#include "lib/text/rfc2047.h"
#include "lib/text/subject.h"
#include "lib/text/trailer.h"

/*
 * Mails that Patchwork's own parser stored, before us or beside us. Those that a
 * batch meets become nodes like any other, their facts read from the headers column;
 * their series stay as they are and are only extended. Costs a round trip, so it is
 * done where the tables are Patchwork's, and elsewhere after a conflict has shown that
 * somebody else writes.
 */

enum {
	COL_KIND,
	COL_MSGID,
	COL_PROJECT,
	COL_PATCH,
	COL_COVER,
	COL_COMMENT,
	COL_SERIES,
	COL_NUMBER,
	COL_SUBMITTER,
	COL_DATE,
	COL_HEADERS,
	COL_NAME,
	COL_CONTENT,
	COL_ANCHOR,
};

static char **
keep_strv(PmNodes *nodes, char **strv, const char *separator)
{
	g_auto(GStrv) owned = strv;
	g_autofree char *joined = pm_node_join(owned, separator);

	return pm_nodes_split(nodes, joined, separator);
}

static void
read_subject(PmNodes *nodes, PmNode *node, const PmHeaders *headers)
{
	g_autofree char *text = pm_headers_decoded(headers, "Subject", 0);
	g_autoptr(PmSubject) subject = pm_subject_parse(text ? text : "");
	const char *title = strstr(node->name, subject->title);

	node->has_version = subject->has_version;
	node->version = subject->version;
	node->version_text = pm_nodes_string(nodes, subject->version_text);
	node->has_number = subject->has_number;
	node->number = subject->number;
	node->fraction = subject->fraction;
	node->total = subject->total;
	node->prefixes = keep_strv(nodes, g_steal_pointer(&subject->prefixes), " ");
	node->title = title ? title : node->name;
}

static void
read_facts(PmNodes *nodes, PmNode *node, const PmRows *rows, guint row,
	   const PmHeaders *headers)
{
	const char *content = pm_rows_text(rows, row, COL_CONTENT);
	g_autofree char *run = pm_idrun(node->msgid);
	g_autofree char *change_id = pm_trailer_change_id(content, strlen(content));

	node->name = pm_nodes_string(nodes, pm_rows_text(rows, row, COL_NAME));
	node->sent = pm_rows_int(rows, row, COL_DATE) / G_USEC_PER_SEC;
	node->submitter_id = (int)pm_rows_int(rows, row, COL_SUBMITTER);
	node->submitter = pm_nodes_string(nodes, pm_rows_text(rows, row, COL_SUBMITTER));
	node->run = pm_nodes_string(nodes, run);
	node->change_id = pm_nodes_string(nodes, change_id);
	node->shortlog =
		keep_strv(nodes, pm_trailer_shortlog(content, strlen(content)), "\n");
	read_subject(nodes, node, headers);
	node->has_facts = TRUE;
}

static void
read_place(PmNodes *nodes, PmNode *node, const PmRows *rows, guint row)
{
	node->now.kind = pm_rows_text(rows, row, COL_KIND)[0];
	node->now.anchor =
		pm_nodes_string(nodes, pm_rows_text_or_null(rows, row, COL_ANCHOR));
	node->now.patch_id = (int)pm_rows_int(rows, row, COL_PATCH);
	node->now.cover_id = (int)pm_rows_int(rows, row, COL_COVER);
	node->now.comment_id = (int)pm_rows_int(rows, row, COL_COMMENT);
	node->now.series_id = (int)pm_rows_int(rows, row, COL_SERIES);
	node->now.slot = (int)pm_rows_int(rows, row, COL_NUMBER);
	node->was = node->now;
	node->is_foreign = TRUE;
	node->is_dirty = TRUE;
	/* A comment hangs where Patchwork put it; a submission's anchor is to be found.
	 */
	node->anchor_state =
		pm_node_is_submission(node) ? PM_ANCHOR_UNKNOWN : PM_ANCHOR_KNOWN;
}

/* Returns the node, or NULL where it is one of ours. */
static PmNode *
adopt(PmBatch *batch, const PmRows *rows, guint row)
{
	const char *msgid = pm_rows_text(rows, row, COL_MSGID);
	const char *text = pm_rows_text(rows, row, COL_HEADERS);
	int project_id = (int)pm_rows_int(rows, row, COL_PROJECT);
	PmNode *node = pm_nodes_find(batch->nodes, project_id, msgid);
	g_autoptr(PmHeaders) headers = pm_headers_new(text, strlen(text), NULL);

	if (node != NULL && node->now.kind != PM_NODE_GHOST)
		return NULL;
	if (node == NULL) {
		node = pm_nodes_add(batch->nodes, project_id, msgid);
		node->thread = pm_labels_fresh(batch->threads);
		node->cluster = pm_labels_fresh(batch->clusters);
	} else {
		pm_batch_mark_revived(batch, node);
	}
	node->refs = keep_strv(batch->nodes, pm_msgid_references(headers, msgid), "\n");
	read_place(batch->nodes, node, rows, row);
	if (pm_node_is_submission(node))
		read_facts(batch->nodes, node, rows, row, headers);
	return node;
}

/*
 * Whether the tables may hold mails we do not know, either this one or others of the
 * series that a new submission continues.
 */
static gboolean
may_lead_to_others(const PmEntry *entry, const PmNode *node)
{
	gboolean is_patch_or_cover =
		entry->item->kind == PM_KIND_PATCH || entry->item->kind == PM_KIND_COVER;

	return node == NULL || node->now.kind == PM_NODE_GHOST ||
	       (is_patch_or_cover && pm_node_is_submission(node));
}

static PmParams *
unknown_ids(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_TEXT, PM_TYPE_INT4};
	PmParams *params = pm_columns_new(types, 2);

	for (guint i = 0; i < batch->n_entries; i++) {
		const PmEntry *entry = batch->entries[i];

		if (!pm_batch_is_storable(entry))
			continue;
		pm_params_add_text(params, 0, entry->mail->msgid);
		pm_params_add_int(params, 1, entry->project->id);
		for (char **ref = entry->mail->refs; *ref != NULL; ref++) {
			const PmNode *node =
				pm_nodes_find(batch->nodes, entry->project->id, *ref);

			if (!may_lead_to_others(entry, node))
				continue;
			pm_params_add_text(params, 0, *ref);
			pm_params_add_int(params, 1, entry->project->id);
		}
	}
	for (guint i = 0; i < batch->foreign_kin->len; i++) {
		const PmForeignKin *kin =
			&g_array_index(batch->foreign_kin, PmForeignKin, i);

		pm_params_add_text(params, 0, kin->msgid);
		pm_params_add_int(params, 1, kin->entry->project->id);
	}
	return params;
}

void
pm_batch_note_foreign_kin(PmBatch *batch, const PmRows *rows, const GPtrArray *entries)
{
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		PmForeignKin kin = {
			.entry = g_ptr_array_index(entries,
						   (guint)pm_rows_int(rows, i, 0) - 1),
			.msgid = pm_nodes_string(batch->nodes, pm_rows_text(rows, i, 1)),
		};

		g_array_append_val(batch->foreign_kin, kin);
	}
}

/* Series that a mail may continue, met by who sent them when. */
static void
note_kin(PmBatch *batch, GArray *found)
{
	for (guint i = 0; i < batch->foreign_kin->len; i++) {
		const PmForeignKin *kin =
			&g_array_index(batch->foreign_kin, PmForeignKin, i);
		const PmNode *node =
			pm_nodes_find(batch->nodes, kin->entry->project->id, kin->msgid);
		PmFound one = {.entry = kin->entry, .cluster = node ? node->cluster : 0};

		if (node != NULL)
			g_array_append_val(found, one);
	}
}

static void
keep_series(PmBatch *batch, GHashTable *ids, const PmNode *node)
{
	if (node->was.series_id != 0)
		g_hash_table_add(ids, GINT_TO_POINTER(node->was.series_id));
	if (pm_node_is_submission(node))
		pm_batch_mark_touched(batch, node);
}

static gboolean
load_series(PmBatch *batch, GHashTable *ids, GError **error)
{
	static const PmType types[] = {PM_TYPE_INT4};
	PmParams *params = pm_columns_new(types, 1);
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, ids);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		pm_params_add_int(params, 0, GPOINTER_TO_INT(key));
	guint series = pm_pg_send(batch->pg, PM_SQL_FIND_SERIES_BY_ID, params);
	if (!pm_pg_sync(batch->pg, error))
		return FALSE;
	pm_batch_read_series(batch, pm_pg_rows(batch->pg, series));
	return TRUE;
}

/* The ids of the mails in rows and of all they refer to. */
static PmParams *
ids_of_rows(const PmRows *rows)
{
	static const PmType types[] = {PM_TYPE_TEXT};
	PmParams *params = pm_columns_new(types, 1);

	for (guint i = 0; i < pm_rows_count(rows); i++) {
		const char *msgid = pm_rows_text(rows, i, COL_MSGID);
		const char *text = pm_rows_text(rows, i, COL_HEADERS);
		g_autoptr(PmHeaders) headers = pm_headers_new(text, strlen(text), NULL);
		g_auto(GStrv) refs = pm_msgid_references(headers, msgid);

		pm_params_add_text(params, 0, msgid);
		for (char **ref = refs; *ref != NULL; ref++)
			pm_params_add_text(params, 0, *ref);
	}
	return params;
}

/* Mails of one series are of one cluster, those that we know and those that we meet. */
static void
join_series(PmBatch *batch, const PmRows *rows)
{
	g_autoptr(GHashTable) leads = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < pm_rows_count(rows); i++) {
		PmNode *node = pm_nodes_find(batch->nodes,
					     (int)pm_rows_int(rows, i, COL_PROJECT),
					     pm_rows_text(rows, i, COL_MSGID));
		gpointer id = GINT_TO_POINTER((int)pm_rows_int(rows, i, COL_SERIES));
		PmNode *lead = g_hash_table_lookup(leads, id);

		if (id == NULL || node == NULL)
			continue;
		if (lead == NULL)
			g_hash_table_insert(leads, id, node);
		else
			pm_labels_join(batch->clusters, lead->cluster, node->cluster);
	}
}

static void
adopt_rows(PmBatch *batch, const PmRows *rows, GHashTable *series)
{
	g_autoptr(GPtrArray) adopted = g_ptr_array_new();

	for (guint i = 0; i < pm_rows_count(rows); i++) {
		PmNode *node = adopt(batch, rows, i);

		if (node != NULL)
			g_ptr_array_add(adopted, node);
	}
	for (guint i = 0; i < adopted->len; i++) {
		pm_batch_join_references(batch, adopted->pdata[i]);
		keep_series(batch, series, adopted->pdata[i]);
	}
	join_series(batch, rows);
}

/* Mails that we know come without headers. */
static gboolean
has_unknown(const PmRows *rows)
{
	for (guint i = 0; i < pm_rows_count(rows); i++)
		if (!pm_rows_is_null(rows, i, COL_HEADERS))
			return TRUE;
	return FALSE;
}

gboolean
pm_batch_adopt(PmBatch *batch, GArray *found_clusters, GError **error)
{
	g_autoptr(GHashTable) series = g_hash_table_new(NULL, NULL);

	guint found = pm_pg_send(batch->pg, PM_SQL_FIND_FOREIGN, unknown_ids(batch));
	if (!pm_pg_sync(batch->pg, error))
		return FALSE;
	if (!has_unknown(pm_pg_rows(batch->pg, found)))
		return TRUE;
	/* Other mails of these series and threads may be known already. */
	guint known = pm_pg_send(batch->pg, PM_SQL_FIND_MESSAGES,
				 ids_of_rows(pm_pg_rows(batch->pg, found)));
	found = pm_pg_send(batch->pg, PM_SQL_FIND_FOREIGN, unknown_ids(batch));
	if (!pm_pg_sync(batch->pg, error))
		return FALSE;
	const PmRows *rows = pm_pg_rows(batch->pg, known);
	for (guint i = 0; i < pm_rows_count(rows); i++)
		(void)pm_nodes_from_row(batch->nodes, rows, i, FALSE);
	adopt_rows(batch, pm_pg_rows(batch->pg, found), series);
	note_kin(batch, found_clusters);
	return g_hash_table_size(series) == 0 || load_series(batch, series, error);
}
