/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

#include <string.h>

/*
 * Our own bookkeeping: rows of patchmail.message, the ids that lead to a series,
 * tag counts and dependencies. A row that changes is written anew; the ones that only
 * change their label are relabelled where they are.
 */

static void
add_submission(PmBatch *batch, PmParams *params, const PmNode *node)
{
	g_autofree char *prefixes = pm_node_join(node->prefixes, " ");
	g_autofree char *shortlog = pm_node_join(node->shortlog, "\n");
	g_autofree char *version = g_strdup_printf("%d", node->version);
	gint64 title_key = pm_correlate_title_key(node->title);

	pm_params_add_int(params, 14, node->sent);
	pm_params_add_int(params, 15, pm_batch_submitter(batch, node));
	pm_params_add_int(params, 16, node->version);
	pm_params_add_text(params, 17,
			   !node->has_version	? NULL
			   : node->version_text ? node->version_text
						: version);
	if (node->has_number)
		pm_params_add_int(params, 18, node->number);
	else
		pm_params_add_null(params, 18);
	pm_params_add_int(params, 19, node->fraction);
	pm_params_add_int(params, 20, node->total);
	pm_params_add_text(params, 21, prefixes);
	pm_params_add_text(params, 22, node->name);
	pm_params_add_int(params, 23, node->title - node->name);
	pm_params_add_text(params, 24, node->run);
	pm_params_add_text(params, 25, node->change_id);
	pm_params_add_text(params, 26, shortlog);
	if (title_key != 0)
		pm_params_add_int(params, 27, title_key);
	else
		pm_params_add_null(params, 27);
}

static void
add_message(PmBatch *batch, PmParams *params, const PmNode *node)
{
	g_autofree char *refs = pm_node_join(node->refs, "\n");

	pm_params_add_text(params, 0, node->msgid);
	pm_params_add_int(params, 1, node->project_id);
	pm_params_add_char(params, 2, node->now.kind);
	pm_params_add_bool(params, 3, node->is_foreign);
	pm_params_add_int(params, 4, pm_batch_thread_id(batch, node));
	pm_params_add_int(params, 5, pm_batch_cluster_id(batch, node));
	pm_params_add_text(params, 6, refs);
	pm_params_add_text(params, 7, node->now.anchor);
	pm_params_add_id(params, 8, node->now.patch_id);
	pm_params_add_id(params, 9, node->now.cover_id);
	pm_params_add_id(params, 10, node->now.series_id);
	pm_params_add_id(params, 11, node->now.slot);
	pm_params_add_id(params, 12, node->now.comment_id);
	pm_params_add_text(params, 13, node->tags);
	if (pm_node_is_submission(node)) {
		add_submission(batch, params, node);
		return;
	}
	for (guint i = 14; i < 28; i++)
		pm_params_add_null(params, i);
}

static void
send_labels(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_INT8, PM_TYPE_INT8, PM_TYPE_INT8};
	PmParams *clusters = pm_columns_new(types, 2);
	PmParams *threads = pm_columns_new(types, 3);
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, batch->known);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		gint64 root = pm_labels_find(batch->clusters, *(gint64 *)key);

		if (root == *(gint64 *)key)
			continue;
		pm_params_add_int(clusters, 0, *(gint64 *)key);
		pm_params_add_int(clusters, 1, root);
	}
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		const PmNode *node = pm_nodes_at(batch->nodes, i);
		gint64 root = pm_batch_thread_id(batch, node);

		if (!node->is_stored || root == node->thread ||
		    !g_hash_table_add(seen, g_memdup2(&node->thread, sizeof(gint64))))
			continue;
		pm_params_add_int(threads, 0, pm_batch_cluster_id(batch, node));
		pm_params_add_int(threads, 1, node->thread);
		pm_params_add_int(threads, 2, root);
	}
	pm_batch_send_if_any(batch, PM_SQL_MERGE_THREADS, clusters);
	pm_batch_send_if_any(batch, PM_SQL_RELABEL_THREADS, threads);
}

static void
send_message_rows(PmBatch *batch)
{
	static const PmType types[] = {
		PM_TYPE_TEXT, PM_TYPE_INT4, PM_TYPE_CHAR, PM_TYPE_BOOL, PM_TYPE_INT8,
		PM_TYPE_INT8, PM_TYPE_TEXT, PM_TYPE_TEXT, PM_TYPE_INT4, PM_TYPE_INT4,
		PM_TYPE_INT4, PM_TYPE_INT4, PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_INT8,
		PM_TYPE_INT4, PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_INT4, PM_TYPE_INT4,
		PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_TEXT, PM_TYPE_INT4, PM_TYPE_TEXT,
		PM_TYPE_TEXT, PM_TYPE_TEXT, PM_TYPE_INT8,
	};
	static const PmType key_types[] = {PM_TYPE_TEXT, PM_TYPE_INT4};
	PmParams *rows = pm_columns_new(types, G_N_ELEMENTS(types));
	PmParams *old = pm_columns_new(key_types, 2);

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		const PmNode *node = pm_nodes_at(batch->nodes, i);

		if (!node->is_dirty)
			continue;
		if (node->is_stored) {
			pm_params_add_text(old, 0, node->msgid);
			pm_params_add_int(old, 1, node->project_id);
		}
		add_message(batch, rows, node);
	}
	pm_batch_send_if_any(batch, PM_SQL_DELETE_MESSAGES, old);
	pm_batch_send_if_any(batch, PM_SQL_INSERT_MESSAGES, rows);
}

/* What the mail that founds a series refers to leads to it, unless it leads elsewhere. */
static void
add_found_references(PmParams *params, const PmNode *node)
{
	for (char **ref = node->refs; ref != NULL && *ref != NULL; ref++) {
		pm_params_add_int(params, 0, node->project_id);
		pm_params_add_text(params, 1, *ref);
		pm_params_add_int(params, 2, node->now.series_id);
	}
}

/*
 * As Patchwork does, which looks series up by these: the own id and the references of
 * the patch that came first, and the own id of the cover.
 */
static void
send_references(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_INT4};
	g_autoptr(GHashTable) founded = g_hash_table_new(NULL, NULL);
	PmParams *own = pm_columns_new(types, 3);
	PmParams *others = pm_columns_new(types, 3);

	for (guint i = 0; i < batch->fresh->len; i++) {
		const PmNode *node = g_ptr_array_index(batch->fresh, i);
		gboolean is_founder = node->series != NULL && node->series->is_new &&
				      g_hash_table_add(founded, node->series);

		if (node->series == NULL ||
		    (!is_founder && node->now.kind == PM_NODE_PATCH))
			continue;
		pm_params_add_int(own, 0, node->project_id);
		pm_params_add_text(own, 1, node->msgid);
		pm_params_add_int(own, 2, node->now.series_id);
		if (node->now.kind == PM_NODE_PATCH)
			add_found_references(others, node);
	}
	for (guint i = 0; i < batch->all_series->len; i++) {
		PmSeriesRow *series = g_ptr_array_index(batch->all_series, i);

		if (!series->is_new || !g_hash_table_add(founded, series))
			continue;
		pm_params_add_int(own, 0, series->project_id);
		pm_params_add_text(own, 1, series->lead->msgid);
		pm_params_add_int(own, 2, series->id);
	}
	pm_batch_send_if_any(batch, PM_SQL_CLAIM_REFERENCES, own);
	pm_batch_send_if_any(batch, PM_SQL_INSERT_REFERENCES, others);
}

static void
add_tag_words(GHashTable *counts, int patch_id, const char *words, int sign)
{
	g_auto(GStrv) parts = g_strsplit(words, " ", -1);

	for (char **part = parts; *part != NULL; part++) {
		gint64 key = ((gint64)patch_id << 32) |
			     (guint32)g_ascii_strtoll(*part, NULL, 10);
		const char *colon = strchr(*part, ':');
		int count =
			sign * (int)g_ascii_strtoll(colon ? colon + 1 : "0", NULL, 10);
		gpointer before = g_hash_table_lookup(counts, &key);

		g_hash_table_insert(counts, g_memdup2(&key, sizeof(key)),
				    GINT_TO_POINTER(GPOINTER_TO_INT(before) + count));
	}
}

static void
count_tags_of(GHashTable *counts, const PmNode *node)
{
	gboolean was_reply = node->was.kind == PM_NODE_REPLY;
	gboolean is_counted =
		node->now.kind == PM_NODE_REPLY || node->now.kind == PM_NODE_PATCH;

	if (node->tags == NULL || !node->is_dirty || !is_counted)
		return;
	if (node->entry == NULL && node->now.patch_id == node->was.patch_id)
		return;
	if (was_reply && node->was.patch_id != 0)
		add_tag_words(counts, node->was.patch_id, node->tags, -1);
	if (node->now.patch_id != 0)
		add_tag_words(counts, node->now.patch_id, node->tags, 1);
}

static void
send_tags(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_INT4, PM_TYPE_INT4, PM_TYPE_INT4};
	g_autoptr(GHashTable) counts =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	PmParams *added = pm_columns_new(types, 3);
	PmParams *shrunk = pm_columns_new(types, 1);
	GHashTableIter iter;
	gpointer key, value;

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++)
		count_tags_of(counts, pm_nodes_at(batch->nodes, i));
	g_hash_table_iter_init(&iter, counts);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		int count = GPOINTER_TO_INT(value);

		if (count == 0)
			continue;
		pm_params_add_int(added, 0, *(gint64 *)key >> 32);
		pm_params_add_int(added, 1, *(gint64 *)key & G_MAXUINT32);
		pm_params_add_int(added, 2, count);
		if (count < 0)
			pm_params_add_int(shrunk, 0, *(gint64 *)key >> 32);
	}
	pm_batch_send_if_any(batch, PM_SQL_ADD_TAGS, added);
	pm_batch_send_if_any(batch, PM_SQL_DROP_EMPTY_TAGS, shrunk);
}

/* The number behind a marker such as "series=" or "/patch/"; 0 where there is none. */
static int
number_after(const char *url, const char *marker)
{
	const char *at = strstr(url, marker);
	char *end = NULL;
	gint64 n = at ? g_ascii_strtoll(at + strlen(marker), &end, 10) : 0;

	return n > 0 && n <= G_MAXINT32 && (*end == '\0' || strchr("/&?#", *end)) ? (int)n
										  : 0;
}

/* "…/patch/ID@HOST/" to "<ID@HOST>". (transfer full) (nullable) */
static char *
msgid_in_url(const char *url)
{
	const char *at = strstr(url, "/patch/");
	g_autofree char *part = at ? g_strdup(at + strlen("/patch/")) : NULL;
	g_autofree char *id = NULL;

	if (part == NULL)
		return NULL;
	part[strcspn(part, "/?#")] = '\0';
	id = g_uri_unescape_string(part, NULL);
	return id && strchr(id, '@') ? g_strdup_printf("<%s>", id) : NULL;
}

typedef struct {
	PmParams *by_number, *by_msgid, *ends;
} PmDependencies;

static void
add_dependency(PmDependencies *found, const PmNode *node, const char *value)
{
	g_autofree char *msgid = value[0] == '<' ? g_strdup(value) : msgid_in_url(value);

	if (msgid != NULL) {
		pm_params_add_int(found->by_msgid, 0, node->project_id);
		pm_params_add_text(found->by_msgid, 1, node->msgid);
		pm_params_add_text(found->by_msgid, 2, msgid);
		return;
	}
	pm_params_add_int(found->by_number, 0, node->now.series_id);
	pm_params_add_int(found->by_number, 1, node->project_id);
	pm_params_add_id(found->by_number, 2, number_after(value, "series="));
	pm_params_add_id(found->by_number, 3, number_after(value, "/patch/"));
}

/* What was said by Message-ID holds for whatever series both are in, when they come. */
static void
send_dependencies(PmBatch *batch)
{
	static const PmType number_types[] = {PM_TYPE_INT4, PM_TYPE_INT4, PM_TYPE_INT4,
					      PM_TYPE_INT4};
	static const PmType id_types[] = {PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_TEXT};
	PmDependencies found = {pm_columns_new(number_types, 4),
				pm_columns_new(id_types, 3), pm_columns_new(id_types, 2)};

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		const PmNode *node = pm_nodes_at(batch->nodes, i);

		if (!pm_node_is_submission(node) || node->series == NULL ||
		    (node->entry == NULL && node->series->id == node->was.series_id))
			continue;
		pm_params_add_int(found.ends, 0, node->project_id);
		pm_params_add_text(found.ends, 1, node->msgid);
		if (node->entry == NULL)
			continue;
		for (char **value = node->entry->mail->depends_on; *value != NULL;
		     value++)
			add_dependency(&found, node, *value);
	}
	pm_batch_send_if_any(batch, PM_SQL_INSERT_DEPENDENCIES, found.by_number);
	pm_batch_send_if_any(batch, PM_SQL_NOTE_DEPENDENCIES, found.by_msgid);
	pm_batch_send_if_any(batch, PM_SQL_LINK_DEPENDENCIES, found.ends);
}

void
pm_batch_send_messages(PmBatch *batch)
{
	send_labels(batch);
	send_message_rows(batch);
	send_references(batch);
	send_tags(batch);
	send_dependencies(batch);
}
