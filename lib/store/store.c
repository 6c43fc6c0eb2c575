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
	PmPg *pg;
	PmIds *ids;
	PmCatalog *catalog;
	gint64 catalog_read; /* monotonic microseconds */
	gboolean has_others; /* somebody else stores mail here, too */
};

enum {
	/* Deadlocks and the like go away when the batch is tried again. */
	RETRIES = 3,
};

static gboolean
connect_store(PmStore *store, GError **error)
{
	if (store->pg != NULL && pm_pg_is_alive(store->pg))
		return TRUE;
	g_clear_pointer(&store->pg, pm_pg_free);
	g_autoptr(PmPg) pg = pm_pg_new(store->conninfo, store->time_zone, error);
	gboolean is_shared = FALSE;
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

gboolean
pm_store_expire(PmStore *store, GError **error)
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
pm_store_count(PmStore *store, gint64 *held_out, gint64 *quarantined_out, GError **error)
{
	if (!pm_store_expire(store, error) || !connect_store(store, error))
		return FALSE;
	guint counts = pm_pg_send(store->pg, PM_SQL_COUNT_WAITING, NULL);
	if (!pm_pg_sync(store->pg, error))
		return FALSE;
	*held_out = pm_rows_int(pm_pg_rows(store->pg, counts), 0, 0);
	*quarantined_out = pm_rows_int(pm_pg_rows(store->pg, counts), 0, 1);
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

gboolean
pm_store_write(PmStore *store, PmEntry **entries, guint n, GError **error)
{
	g_autoptr(GError) failure = NULL;

	if (n == 0)
		return TRUE;
	if (try_with_retries(store, entries, n, &failure)) {
		give_back_buffers(store);
		return TRUE;
	}
	if (!g_error_matches(failure, PM_ERROR, PM_ERROR_PERMANENT_MAIL) ||
	    (n == 1 && entries[0]->is_culprit)) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	if (n == 1)
		return store_alone(store, entries[0], failure, error);
	return pm_store_write(store, entries, n / 2, error) &&
	       pm_store_write(store, entries + n / 2, n - n / 2, error);
}
