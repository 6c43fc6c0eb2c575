/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/store.h"

#include "lib/error.h"
#include "lib/store/batch.h"
#include "lib/store/schema.h"

struct PmStore {
	char *conninfo, *time_zone, *trust_control;
	PmKeepRaw keep_raw;
	gboolean store_ignored, is_lasting;
	PmStoreMoved moved;
	gpointer moved_data;
	gint64 hold_seconds;
	void (*let_go)(gint64 replies);
	gint64 quarantine_bytes, quarantine_seconds;
	void (*trimmed)(gint64 mails, gint64 bytes);
	int patience;
	PmSuspects *suspects;
	gint64 fresh_bytes; /* quarantined since it was last trimmed */
	PmPg *pg;
	PmIds *ids;
	PmCatalog *catalog;
	gint64 catalog_read; /* monotonic microseconds */
	gboolean has_others; /* somebody else stores mail here, too */
};

enum {
	/* Deadlocks and the like go away when the batch is tried again. */
	RETRIES = 3,
	/* As in trim_quarantine. */
	TRIM_STEP = 1000,
	TRIM_STEPS = 1000,
	/* Mails that fail alone one after the other: then it is not them. */
	ACCUSED_MAX = 16,
};

static gboolean
connect_store(PmStore *store, GError **error)
{
	if (store->pg != NULL && pm_pg_is_alive(store->pg))
		return TRUE;
	g_clear_pointer(&store->pg, pm_pg_free);
	g_autoptr(PmPg) pg = pm_pg_new(store->conninfo, store->time_zone, error);
	gboolean is_shared = FALSE;
	if (pg != NULL)
		pm_pg_set_patience(pg, store->patience);
	if (pg == NULL || !pm_schema_check(pg, &is_shared, error))
		return FALSE;
	store->has_others = store->has_others || is_shared;
	store->pg = g_steal_pointer(&pg);
	return TRUE;
}

PmStore *
pm_store_new(const PmStoreOptions *options, GError **error)
{
	g_autoptr(PmStore) store = g_new0(PmStore, 1);

	store->conninfo = g_strdup(options->conninfo);
	store->time_zone = g_strdup(options->time_zone);
	store->keep_raw = options->keep_raw;
	store->store_ignored = options->store_ignored;
	store->trust_control = g_strdup(options->trust_control);
	store->is_lasting = options->is_lasting;
	store->ids = pm_ids_new();
	store->moved = options->moved;
	store->moved_data = options->moved_data;
	store->hold_seconds = options->hold_seconds;
	store->let_go = options->let_go;
	store->quarantine_bytes = options->quarantine_bytes;
	store->quarantine_seconds = options->quarantine_seconds;
	store->trimmed = options->trimmed;
	store->suspects = options->suspects;
	store->patience = options->patience;
	if (!connect_store(store, error))
		return NULL;
	return g_steal_pointer(&store);
}

void
pm_store_free(PmStore *store)
{
	if (store == NULL)
		return;
	pm_pg_free(store->pg);
	pm_ids_free(store->ids);
	pm_catalog_unref(store->catalog);
	g_free(store->conninfo);
	g_free(store->time_zone);
	g_free(store->trust_control);
	g_free(store);
}

PmPg *
pm_store_pg(PmStore *store)
{
	return store->pg;
}

PmCatalog *
pm_store_catalog(PmStore *store, int max_age, GError **error)
{
	gint64 now = g_get_monotonic_time();

	if (store->catalog != NULL &&
	    now - store->catalog_read <= max_age * G_USEC_PER_SEC)
		return pm_catalog_ref(store->catalog);
	if (!connect_store(store, error))
		return NULL;
	PmCatalog *catalog = pm_catalog_new(store->pg, error);
	if (catalog == NULL)
		return NULL;
	pm_catalog_unref(store->catalog);
	store->catalog = catalog;
	store->catalog_read = now;
	return pm_catalog_ref(catalog);
}

static PmParams *
seconds_param(gint64 seconds)
{
	PmParams *params = pm_params_new();

	pm_params_int8(params, seconds);
	return params;
}

/* One step of it; *mails_out: how many went. */
static gboolean
trim_some(PmStore *store, gint64 *mails_out, gint64 *bytes_out, GError **error)
{
	PmParams *limits = pm_params_new();

	pm_params_int8(limits, store->quarantine_seconds);
	pm_params_int8(limits, store->quarantine_bytes > 0 ? store->quarantine_bytes
							   : G_MAXINT64);
	(void)pm_pg_send(store->pg, PM_SQL_BEGIN, NULL);
	(void)pm_pg_send(store->pg, PM_SQL_LOCK_QUARANTINE, NULL);
	guint gone = pm_pg_send(store->pg, PM_SQL_TRIM_QUARANTINE, limits);
	if (!pm_pg_sync(store->pg, error)) {
		pm_pg_rollback(store->pg);
		return FALSE;
	}
	gint64 mails = pm_rows_int(pm_pg_rows(store->pg, gone), 0, 0);
	gint64 bytes = pm_rows_int(pm_pg_rows(store->pg, gone), 0, 1);
	if (!pm_pg_commit(store->pg, error))
		return FALSE;
	*mails_out = mails;
	*bytes_out += bytes;
	return TRUE;
}

static gboolean
trim_quarantine(PmStore *store, GError **error)
{
	gint64 mails = 0, bytes = 0, some = TRIM_STEP;
	gboolean is_done = TRUE;

	if (store->quarantine_bytes == 0 && store->quarantine_seconds == 0)
		return TRUE;
	for (guint i = 0; i < TRIM_STEPS && some == TRIM_STEP && is_done; i++) {
		is_done = connect_store(store, error) &&
			  trim_some(store, &some, &bytes, error);
		mails += is_done ? some : 0;
	}
	store->fresh_bytes = 0;
	if (mails > 0 && store->trimmed != NULL)
		store->trimmed(mails, bytes);
	return is_done;
}

/* After a batch, so that no flood of bad mails fills the disk between two housekeepings. What
 * fails here is done by the next one. */
static void
note_quarantined(PmStore *store, PmEntry *const *entries, guint n)
{
	for (guint i = 0; i < n; i++) {
		PmOutcome outcome = entries[i]->outcome;

		if (outcome == PM_OUTCOME_QUARANTINED ||
		    (outcome == PM_OUTCOME_IGNORED && store->store_ignored))
			store->fresh_bytes +=
				1024 + (gint64)g_bytes_get_size(entries[i]->bytes);
	}
	if (store->quarantine_bytes > 0 &&
	    store->fresh_bytes > (store->is_lasting ? store->quarantine_bytes / 16 : 0))
		(void)trim_quarantine(store, NULL);
}

static gboolean
expire_replies(PmStore *store, GError **error)
{
	if (store->hold_seconds == 0)
		return TRUE;
	if (!connect_store(store, error))
		return FALSE;
	(void)pm_pg_send(store->pg, PM_SQL_BEGIN, NULL);
	(void)pm_pg_send(store->pg, PM_SQL_LOCK_EXPIRED,
			 seconds_param(store->hold_seconds));
	guint expired = pm_pg_send(store->pg, PM_SQL_EXPIRE_ORPHANS,
				   seconds_param(store->hold_seconds));
	if (!pm_pg_sync(store->pg, error)) {
		pm_pg_rollback(store->pg);
		return FALSE;
	}
	gint64 n = pm_rows_int(pm_pg_rows(store->pg, expired), 0, 0);
	if (!pm_pg_commit(store->pg, error))
		return FALSE;
	if (n > 0 && store->let_go != NULL)
		store->let_go(n);
	return TRUE;
}

gboolean
pm_store_expire(PmStore *store, GError **error)
{
	return expire_replies(store, error) && trim_quarantine(store, error);
}

gboolean
pm_store_count(PmStore *store, PmStoreCounts *counts_out, GError **error)
{
	if (!pm_store_expire(store, error) || !connect_store(store, error))
		return FALSE;
	guint counts = pm_pg_send(store->pg, PM_SQL_COUNT_WAITING, NULL);
	if (!pm_pg_sync(store->pg, error))
		return FALSE;
	const PmRows *rows = pm_pg_rows(store->pg, counts);
	*counts_out = (PmStoreCounts){
		.held = pm_rows_int(rows, 0, 0),
		.quarantined = pm_rows_int(rows, 0, 1),
		.quarantine_bytes = pm_rows_int(rows, 0, 2),
	};
	return TRUE;
}

GHashTable *
pm_store_positions(PmStore *store, GError **error)
{
	g_autoptr(GHashTable) positions =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	if (!connect_store(store, error))
		return NULL;
	guint found = pm_pg_send(store->pg, PM_SQL_LIST_POSITIONS, NULL);
	if (!pm_pg_sync(store->pg, error))
		return NULL;
	const PmRows *rows = pm_pg_rows(store->pg, found);
	for (guint i = 0; i < pm_rows_count(rows); i++)
		g_hash_table_insert(positions, g_strdup(pm_rows_text(rows, i, 0)),
				    g_strdup(pm_rows_text(rows, i, 1)));
	return g_steal_pointer(&positions);
}

gboolean
pm_store_set_position(PmStore *store, const char *source, const char *position,
		      GError **error)
{
	static const PmType types[] = {PM_TYPE_TEXT, PM_TYPE_TEXT};
	PmParams *params;

	if (!connect_store(store, error))
		return FALSE;
	params = pm_columns_new(types, G_N_ELEMENTS(types));
	pm_params_add_text(params, 0, source);
	pm_params_add_text(params, 1, position);
	(void)pm_pg_send(store->pg, PM_SQL_SET_POSITIONS, params);
	return pm_pg_sync(store->pg, error);
}

static gboolean
run_stages(PmStore *store, PmEntry **entries, guint n, GError **error)
{
	g_autoptr(PmBatch) batch =
		pm_batch_new(store->pg, store->ids, entries[0]->catalog, entries, n);

	batch->keep_all_raw = store->keep_raw == PM_KEEP_RAW_ALL;
	batch->keep_raw = store->keep_raw != PM_KEEP_RAW_NO;
	batch->looks_for_foreign = store->has_others;
	batch->store_ignored = store->store_ignored;
	batch->trust_control = store->trust_control;
	batch->has_spare_ids = store->is_lasting;
	if (!pm_batch_gather(batch, error) || !pm_batch_thread(batch, error) ||
	    !pm_batch_group(batch, error))
		return FALSE;
	pm_batch_revise(batch);
	pm_batch_plan_events(batch);
	if (!pm_batch_write(batch, error))
		return FALSE;
	if (store->moved != NULL)
		pm_batch_report_moves(batch, store->moved, store->moved_data);
	return TRUE;
}

/* An attempt that failed decided nothing. */
static void
forget_outcomes(PmEntry **entries, guint n)
{
	for (guint i = 0; i < n; i++)
		entries[i]->outcome =
			entries[i]->is_culprit ? PM_OUTCOME_QUARANTINED : PM_OUTCOME_NONE;
}

static gboolean
try_batch(PmStore *store, PmEntry **entries, guint n, GError **error)
{
	if (!connect_store(store, error))
		return FALSE;
	if (run_stages(store, entries, n, error))
		return TRUE;
	forget_outcomes(entries, n);
	pm_pg_rollback(store->pg);
	return FALSE;
}

static gboolean
is_conflict(PmStore *store, const GError *error)
{
	return error->code == PM_ERROR_TEMPORARY_DATABASE && store->pg != NULL &&
	       pm_pg_is_alive(store->pg);
}

static gboolean
try_with_retries(PmStore *store, PmEntry **entries, guint n, GError **error)
{
	for (guint i = 0;; i++) {
		g_autoptr(GError) failure = NULL;

		if (try_batch(store, entries, n, &failure))
			return TRUE;
		if (i < RETRIES && is_conflict(store, failure))
			continue;
		/* What the constraints refuse may be there already, from another hand. */
		if (!store->has_others && failure->code == PM_ERROR_PERMANENT_MAIL) {
			store->has_others = TRUE;
			continue;
		}
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
}

/* Rows that an admin deleted in Patchwork make new ones point to nowhere. */
static gboolean
forget_deleted(PmStore *store, const PmEntry *entry, GError **error)
{
	static const PmType types[] = {PM_TYPE_TEXT};
	PmParams *params;

	if (!connect_store(store, error))
		return FALSE;
	params = pm_columns_new(types, 1);
	pm_params_add_text(params, 0, entry->mail->msgid);
	for (char **ref = entry->mail->refs; *ref != NULL; ref++)
		pm_params_add_text(params, 0, *ref);
	(void)pm_pg_send(store->pg, PM_SQL_BEGIN, NULL);
	(void)pm_pg_send(store->pg, PM_SQL_FORGET_DELETED, params);
	return pm_pg_commit(store->pg, error);
}

static gboolean
quarantine(PmStore *store, PmEntry *entry, const GError *why, GError **error)
{
	entry->is_culprit = TRUE;
	entry->outcome = PM_OUTCOME_QUARANTINED;
	g_free(entry->reason);
	entry->reason = g_strdup(why->message);
	return try_with_retries(store, &entry, 1, error);
}

/* The culprit: once more without what was deleted meanwhile, then to quarantine. */
static gboolean
store_alone(PmStore *store, PmEntry *entry, const GError *why, GError **error)
{
	g_autoptr(GError) failure = NULL;

	if (entry->mail == NULL)
		return quarantine(store, entry, why, error);
	if (!forget_deleted(store, entry, &failure)) {
		pm_pg_rollback(store->pg);
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	if (try_with_retries(store, &entry, 1, &failure))
		return TRUE;
	if (g_error_matches(failure, PM_ERROR, PM_ERROR_PERMANENT_MAIL))
		return quarantine(store, entry, failure, error);
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

/* Who lives on after a mail of many megabytes does not keep them. */
static void
give_back_buffers(PmStore *store)
{
	if (store->is_lasting && store->pg != NULL && pm_pg_is_swollen(store->pg))
		g_clear_pointer(&store->pg, pm_pg_free);
}

/* One call of pm_store_write(): mails that fail alone for no reason that tells wait until it is
 * known how the others fared. */
typedef struct {
	PmStore *store;
	GPtrArray *accused; /* of PmEntry */
	GError *why;	    /* of the first of them */
	gboolean has_stored;
} PmWriting;

static void
note_stored(PmWriting *writing, PmEntry *const *entries, guint n)
{
	for (guint i = 0; i < n && !writing->has_stored; i++)
		writing->has_stored =
			entries[i]->row_id > 0 && entries[i]->outcome != PM_OUTCOME_KNOWN;
	if (writing->has_stored && writing->store->suspects != NULL)
		pm_suspects_note_stored(writing->store->suspects);
}

/* TRUE where it is decided later. */
static gboolean
accuse(PmWriting *writing, PmEntry *entry, const GError *failure)
{
	if (writing->accused->len >= ACCUSED_MAX && !writing->has_stored)
		return FALSE;
	g_ptr_array_add(writing->accused, entry);
	if (writing->why == NULL)
		writing->why = g_error_copy(failure);
	return TRUE;
}

static gboolean
write_some(PmWriting *writing, PmEntry **entries, guint n, GError **error)
{
	g_autoptr(GError) failure = NULL;

	if (try_with_retries(writing->store, entries, n, &failure)) {
		note_stored(writing, entries, n);
		return TRUE;
	}
	gboolean is_mail = g_error_matches(failure, PM_ERROR, PM_ERROR_PERMANENT_MAIL);
	gboolean is_bug = g_error_matches(failure, PM_ERROR, PM_ERROR_PERMANENT_BUG);
	if (n > 1 && (is_mail || is_bug))
		return write_some(writing, entries, n / 2, error) &&
		       write_some(writing, entries + n / 2, n - n / 2, error);
	if (is_mail && !entries[0]->is_culprit)
		return store_alone(writing->store, entries[0], failure, error);
	if (is_bug && accuse(writing, entries[0], failure))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

/* Whether the mail is at fault, and not the database. */
static gboolean
is_to_blame(const PmWriting *writing, const PmEntry *entry)
{
	PmSuspects *suspects = writing->store->suspects;
	gboolean is_known = suspects != NULL && pm_suspects_accuse(suspects, entry);

	return is_known || writing->has_stored;
}

static gboolean
judge_accused(PmWriting *writing, GError **error)
{
	gboolean is_done = TRUE;

	for (guint i = 0; i < writing->accused->len; i++) {
		PmEntry *entry = g_ptr_array_index(writing->accused, i);

		if (!is_to_blame(writing, entry))
			is_done = FALSE;
		else if (!quarantine(writing->store, entry, writing->why, error))
			return FALSE;
	}
	if (!is_done)
		g_propagate_error(error, g_steal_pointer(&writing->why));
	return is_done;
}

gboolean
pm_store_write(PmStore *store, PmEntry **entries, guint n, GError **error)
{
	g_autoptr(GPtrArray) accused = g_ptr_array_new();
	PmWriting writing = {.store = store, .accused = accused};

	if (n == 0)
		return TRUE;
	gboolean is_done =
		write_some(&writing, entries, n, error) && judge_accused(&writing, error);
	g_clear_error(&writing.why);
	if (!is_done)
		return FALSE;
	note_quarantined(store, entries, n);
	give_back_buffers(store);
	return TRUE;
}
