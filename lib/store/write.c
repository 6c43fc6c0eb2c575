/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

/*
 * The last round trip: every statement of the batch, the constraints, the events, COMMIT.
 * Either all of it is there afterwards or nothing.
 */

static void
send_quarantine(PmBatch *batch, const PmEntry *entry)
{
	size_t len = 0;
	const guint8 *bytes = g_bytes_get_data(entry->bytes, &len);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	PmParams *params = pm_params_new();
	guint8 digest[32];
	gsize digest_len = sizeof(digest);

	g_checksum_update(sum, bytes, (gssize)len);
	g_checksum_get_digest(sum, digest, &digest_len);
	if (entry->project != NULL)
		pm_params_int4(params, entry->project->id);
	else
		pm_params_null(params, PM_TYPE_INT4);
	pm_params_text(params, entry->mail ? entry->mail->msgid : NULL);
	pm_params_text(params, entry->reason ? entry->reason : entry->item->reason);
	pm_params_bytea(params, digest, digest_len);
	pm_params_int8(params, (gint64)entry->size);
	pm_params_bytea(params, bytes, len);
	(void)pm_pg_send(batch->pg, PM_SQL_INSERT_QUARANTINE, params);
}

static gboolean
is_ignored(const PmNode *node)
{
	return node->now.kind == PM_NODE_IGNORED || node->now.kind == PM_NODE_DISCUSSION;
}

/* Mails that cannot be stored, and where so configured those that are not to be. */
static void
send_quarantined(PmBatch *batch)
{
	for (guint i = 0; i < batch->n_entries; i++) {
		const PmEntry *entry = batch->entries[i];
		gboolean is_kept =
			batch->store_ignored && entry->outcome == PM_OUTCOME_IGNORED;

		if (is_kept || entry->outcome == PM_OUTCOME_QUARANTINED)
			send_quarantine(batch, entry);
	}
	for (guint i = 0; batch->store_ignored && i < batch->fresh->len; i++) {
		const PmNode *node = g_ptr_array_index(batch->fresh, i);

		if (is_ignored(node))
			send_quarantine(batch, node->entry);
	}
}

static void
set_outcome(PmNode *node)
{
	PmEntry *entry = node->entry;

	switch ((PmNodeKind)node->now.kind) {
	case PM_NODE_PATCH:
		entry->outcome = PM_OUTCOME_PATCH;
		entry->row_id = node->now.patch_id;
		break;
	case PM_NODE_COVER:
		entry->outcome = PM_OUTCOME_COVER;
		entry->row_id = node->now.cover_id;
		break;
	case PM_NODE_REPLY:
		entry->outcome = PM_OUTCOME_COMMENT;
		entry->row_id = node->now.comment_id;
		break;
	case PM_NODE_HELD:
		entry->outcome = PM_OUTCOME_HELD;
		break;
	case PM_NODE_DISCUSSION:
		entry->outcome = PM_OUTCOME_IGNORED;
		if (entry->reason == NULL)
			entry->reason = g_strdup("answers no patch or cover");
		break;
	case PM_NODE_IGNORED:
	case PM_NODE_GHOST:
		entry->outcome = PM_OUTCOME_IGNORED;
		if (entry->reason == NULL)
			entry->reason = g_strdup(entry->item->reason);
		break;
	}
	entry->series_id = node->now.series_id;
}

/* A reply that only another project has a place for is a comment, wherever it is held. */
static void
tell_originals(PmBatch *batch)
{
	for (guint i = 0; i < batch->copies->len; i++) {
		const PmEntry *copy = g_ptr_array_index(batch->copies, i);

		for (guint k = 0; k < batch->n_entries; k++) {
			PmEntry *entry = batch->entries[k];

			if (entry->mail != copy->mail ||
			    entry->outcome != PM_OUTCOME_HELD ||
			    copy->outcome != PM_OUTCOME_COMMENT)
				continue;
			entry->outcome = copy->outcome;
			entry->row_id = copy->row_id;
		}
	}
}

gboolean
pm_batch_write(PmBatch *batch, GError **error)
{
	if (!pm_batch_reserve(batch, error))
		return FALSE;
	pm_batch_send_vacations(batch);
	pm_batch_send_rows(batch);
	pm_batch_send_moves(batch);
	pm_batch_send_messages(batch);
	send_quarantined(batch);
	if (batch->send_extra != NULL)
		batch->send_extra(batch, batch->extra);
	/* Every other writer waits from the events to the commit, which checks what is
	 * deferred: of many mails that is done before. */
	if (batch->n_entries > 1)
		(void)pm_pg_send(batch->pg, PM_SQL_CHECK_CONSTRAINTS, NULL);
	pm_batch_send_events(batch);
	if (!pm_pg_commit(batch->pg, error))
		return FALSE;
	for (guint i = 0; i < batch->fresh->len; i++)
		set_outcome(g_ptr_array_index(batch->fresh, i));
	tell_originals(batch);
	return TRUE;
}
