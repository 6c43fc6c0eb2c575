/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

#include <string.h>

#include "lib/store/trust.h"
#include "lib/text/charset.h"

/* New rows of Patchwork's tables, one statement a table. */

enum { NAME_MAX_CHARS = 255 };

/* Patchwork keeps the UTC wall clock of the Date header; without one, local time. */
static gint64
wall_clock(const PmBatch *batch, const PmNode *node)
{
	if (node->entry != NULL && !node->entry->mail->has_date)
		return batch->now;
	return node->sent * G_USEC_PER_SEC;
}

static void
add_head(const PmBatch *batch, PmParams *params, const PmNode *node, int id)
{
	pm_params_add_int(params, 0, id);
	pm_params_add_text(params, 1, node->msgid);
	pm_params_add_int(params, 2, wall_clock(batch, node));
	pm_params_add_text(params, 3, node->entry->headers);
	pm_params_add_bytes(params, 4, node->entry->mail->content->str,
			    node->entry->mail->content->len);
}

static void
add_cover(PmBatch *batch, PmParams *params, const PmNode *node)
{
	add_head(batch, params, node, node->now.cover_id);
	pm_params_add_text(params, 5, node->name);
	pm_params_add_int(params, 6, node->project_id);
	pm_params_add_int(params, 7, pm_batch_submitter(batch, node));
}

static gboolean
is_trusted(const PmBatch *batch, const PmNode *node)
{
	const PmEntry *entry = node->entry;

	return pm_trust_covers(batch->trust_control, entry->project->linkname,
			       entry->item->author->email);
}

static int
delegate_of(const PmBatch *batch, const PmNode *node)
{
	const PmMail *mail = node->entry->mail;

	if (mail->delegate != NULL && is_trusted(batch, node)) {
		g_autofree char *key = pm_fold_email(mail->delegate);
		int user = GPOINTER_TO_INT(g_hash_table_lookup(batch->users, key));

		if (user != 0)
			return user;
	}
	return pm_catalog_delegate(batch->catalog, node->project_id,
				   (const char *const *)mail->files);
}

static void
add_patch(PmBatch *batch, PmParams *params, const PmNode *node)
{
	const PmMail *mail = node->entry->mail;
	const char *state = mail->state && is_trusted(batch, node) ? mail->state : NULL;

	add_head(batch, params, node, node->now.patch_id);
	pm_params_add_text(params, 5, node->name);
	pm_params_add_int(params, 6, node->project_id);
	pm_params_add_int(params, 7, pm_batch_submitter(batch, node));
	pm_params_add_id(params, 8, delegate_of(batch, node));
	if (mail->diff != NULL)
		pm_params_add_bytes(params, 9, mail->diff->str, mail->diff->len);
	else
		pm_params_add_null(params, 9);
	pm_params_add_text(params, 10, mail->hash);
	pm_params_add_int(params, 11, node->now.slot);
	pm_params_add_text(params, 12, mail->pull_url);
	pm_params_add_int(params, 13, node->now.series_id);
	pm_params_add_int(params, 14, pm_catalog_state(batch->catalog, state));
}

static void
add_comment(PmBatch *batch, PmParams *params, const PmNode *node)
{
	gboolean is_on_patch = node->now.patch_id != 0;

	add_head(batch, params, node, node->now.comment_id);
	pm_params_add_int(params, 5,
			  is_on_patch ? node->now.patch_id : node->now.cover_id);
	pm_params_add_int(params, 6, pm_batch_submitter(batch, node));
	if (is_on_patch && node->entry->mail->action_required)
		pm_params_add_bool(params, 7, FALSE);
	else
		pm_params_add_null(params, 7);
}

static void
add_orphan(PmBatch *batch, PmParams *params, const PmNode *node)
{
	const PmMail *mail = node->entry->mail;

	pm_params_add_text(params, 0, node->msgid);
	pm_params_add_int(params, 1, node->project_id);
	pm_params_add_text(params, 2, node->entry->item->author->email);
	pm_params_add_text(params, 3, node->entry->item->author->name);
	pm_params_add_int(params, 4, wall_clock(batch, node));
	pm_params_add_text(params, 5, node->entry->headers);
	pm_params_add_bytes(params, 6, mail->content->str, mail->content->len);
	pm_params_add_bool(params, 7, mail->action_required);
}

static void
add_raw(PmParams *params, const PmNode *node)
{
	size_t len = 0;
	const void *bytes = g_bytes_get_data(node->entry->bytes, &len);

	pm_params_add_text(params, 0, node->msgid);
	pm_params_add_int(params, 1, node->project_id);
	pm_params_add_bytes(params, 2, bytes, len);
}

static gboolean
keeps_raw(const PmBatch *batch, const PmNode *node)
{
	if (batch->keep_all_raw)
		return TRUE;
	if (node->now.kind == PM_NODE_IGNORED || node->now.kind == PM_NODE_DISCUSSION)
		return FALSE;
	return batch->keep_raw && node->entry->mail->needs_raw;
}

static void
send_mails(PmBatch *batch)
{
	static const PmType types[] = {
		PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_TIMESTAMP, PM_TYPE_TEXT, PM_TYPE_TEXT,
		PM_TYPE_TEXT, PM_TYPE_INT4, PM_TYPE_INT4,      PM_TYPE_INT4, PM_TYPE_TEXT,
		PM_TYPE_TEXT, PM_TYPE_INT4, PM_TYPE_TEXT,      PM_TYPE_INT4, PM_TYPE_INT4,
	};
	static const PmType comment_types[] = {
		PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_TIMESTAMP, PM_TYPE_TEXT,
		PM_TYPE_TEXT, PM_TYPE_INT4, PM_TYPE_INT4,      PM_TYPE_BOOL,
	};
	static const PmType orphan_types[] = {
		PM_TYPE_TEXT,	   PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_TEXT,
		PM_TYPE_TIMESTAMP, PM_TYPE_TEXT, PM_TYPE_TEXT, PM_TYPE_BOOL,
	};
	static const PmType raw_types[] = {PM_TYPE_TEXT, PM_TYPE_INT4, PM_TYPE_BYTEA};
	PmParams *patches = pm_columns_new(types, G_N_ELEMENTS(types));
	PmParams *covers = pm_columns_new(types, 8);
	PmParams *on_patches = pm_columns_new(comment_types, G_N_ELEMENTS(comment_types));
	PmParams *on_covers = pm_columns_new(comment_types, G_N_ELEMENTS(comment_types));
	PmParams *orphans = pm_columns_new(orphan_types, G_N_ELEMENTS(orphan_types));
	PmParams *raws = pm_columns_new(raw_types, G_N_ELEMENTS(raw_types));

	for (guint i = 0; i < batch->fresh->len; i++) {
		const PmNode *node = g_ptr_array_index(batch->fresh, i);

		if (node->now.kind == PM_NODE_PATCH)
			add_patch(batch, patches, node);
		else if (node->now.kind == PM_NODE_COVER)
			add_cover(batch, covers, node);
		else if (node->now.kind == PM_NODE_REPLY)
			add_comment(batch, node->now.patch_id ? on_patches : on_covers,
				    node);
		else if (node->now.kind == PM_NODE_HELD)
			add_orphan(batch, orphans, node);
		if (keeps_raw(batch, node))
			add_raw(raws, node);
	}
	pm_batch_send_if_any(batch, PM_SQL_INSERT_COVERS, covers);
	pm_batch_send_if_any(batch, PM_SQL_INSERT_PATCHES, patches);
	pm_batch_send_if_any(batch, PM_SQL_INSERT_PATCH_COMMENTS, on_patches);
	pm_batch_send_if_any(batch, PM_SQL_INSERT_COVER_COMMENTS, on_covers);
	pm_batch_send_if_any(batch, PM_SQL_INSERT_ORPHANS, orphans);
	pm_batch_send_if_any(batch, PM_SQL_INSERT_RAW, raws);
}

/* Never null, since clients refuse a series without a name. (transfer full) */
static char *
series_name(const PmSeriesRow *series)
{
	const PmNode *lead = series->lead;
	gboolean is_titled = lead->now.kind == PM_NODE_COVER && *lead->title != '\0';

	return pm_utf8_cut(g_strdup(is_titled ? lead->title : lead->name),
			   NAME_MAX_CHARS);
}

static gboolean
is_changed(const PmBatch *batch, const PmSeriesRow *series, const char *name)
{
	return g_strcmp0(name, series->was_name) != 0 ||
	       series->total != series->was_total ||
	       series->version != series->was_version ||
	       (series->cover ? series->cover->now.cover_id : 0) !=
		       series->was_cover_id ||
	       pm_batch_submitter(batch, series->lead) != series->was_submitter_id ||
	       wall_clock(batch, series->lead) != series->was_date;
}

/* A series that Patchwork made keeps what it says; a cover or a name it lacks is added. */
static void
add_series(PmBatch *batch, PmParams *params, PmSeriesRow *series, const char *name)
{
	gboolean is_kept = series->is_foreign && !series->is_new;

	pm_params_add_int(params, 0, series->id);
	pm_params_add_text(params, 1,
			   is_kept && series->was_name ? series->was_name : name);
	pm_params_add_int(params, 2,
			  is_kept ? series->was_date : wall_clock(batch, series->lead));
	pm_params_add_int(params, 3, series->version);
	pm_params_add_int(params, 4, series->total);
	if (series->is_new)
		pm_params_add_int(params, 5, series->project_id);
	pm_params_add_int(params, series->is_new ? 6 : 5,
			  is_kept ? series->was_submitter_id
				  : pm_batch_submitter(batch, series->lead));
	pm_params_add_id(params, series->is_new ? 7 : 6,
			 series->cover ? series->cover->now.cover_id : 0);
}

static void
send_series(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_TIMESTAMP,
				       PM_TYPE_INT4, PM_TYPE_INT4, PM_TYPE_INT4,
				       PM_TYPE_INT4, PM_TYPE_INT4};
	PmParams *created = pm_columns_new(types, 8);
	PmParams *changed = pm_columns_new(types, 7);

	for (guint i = 0; i < batch->all_series->len; i++) {
		PmSeriesRow *series = g_ptr_array_index(batch->all_series, i);

		if (!series->is_taken)
			continue;
		g_autofree char *name = series_name(series);
		if (series->is_new)
			add_series(batch, created, series, name);
		else if (is_changed(batch, series, name))
			add_series(batch, changed, series, name);
	}
	pm_batch_send_if_any(batch, PM_SQL_INSERT_SERIES, created);
	pm_batch_send_if_any(batch, PM_SQL_UPDATE_SERIES, changed);
}

static gboolean
is_renamed(const PmPersonRow *person)
{
	return person->new_name != NULL && *person->new_name != '\0' &&
	       g_strcmp0(person->name, person->new_name) != 0;
}

static gint
compare_people(gconstpointer a, gconstpointer b)
{
	const PmPersonRow *x = *(PmPersonRow *const *)a, *y = *(PmPersonRow *const *)b;

	return (x->id > y->id) - (x->id < y->id);
}

/* By rising id, so that two writers cannot wait for each other. */
static void
send_renames(PmBatch *batch)
{
	static const PmType types[] = {PM_TYPE_INT4, PM_TYPE_TEXT};
	PmParams *params = pm_columns_new(types, 2);
	g_autoptr(GPtrArray) renamed = g_ptr_array_new();
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, batch->people);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (is_renamed(value))
			g_ptr_array_add(renamed, value);
	g_ptr_array_sort(renamed, compare_people);
	for (guint i = 0; i < renamed->len; i++) {
		const PmPersonRow *person = g_ptr_array_index(renamed, i);

		pm_params_add_int(params, 0, person->id);
		pm_params_add_text(params, 1, person->new_name);
	}
	pm_batch_send_if_any(batch, PM_SQL_RENAME_PEOPLE, params);
}

void
pm_batch_send_rows(PmBatch *batch)
{
	send_renames(batch);
	send_series(batch);
	send_mails(batch);
}
