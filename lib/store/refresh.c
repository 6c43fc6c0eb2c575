/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/refresh.h"

#include <string.h>

#include "lib/store/batch.h"

/* One statement compares and writes, so that what is told is what is done; a dry run is
 * rolled back. */

static const PmType columns[] = {
	PM_TYPE_TEXT, PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_TIMESTAMP,
	PM_TYPE_TEXT, PM_TYPE_TEXT, PM_TYPE_TEXT, PM_TYPE_TEXT,
	PM_TYPE_TEXT, PM_TYPE_TEXT, PM_TYPE_TEXT, PM_TYPE_BYTEA,
};

static void
add_text(PmParams *params, guint i, const GString *text)
{
	if (text != NULL)
		pm_params_add_bytes(params, i, text->str, text->len);
	else
		pm_params_add_null(params, i);
}

static void
add_entry(PmParams *params, const PmEntry *entry, gboolean keep_raw)
{
	const PmMail *mail = entry->mail;
	gsize len = 0;
	const void *bytes = g_bytes_get_data(entry->bytes, &len);

	pm_params_add_text(params, 0, mail->msgid);
	pm_params_add_int(params, 1, entry->project->id);
	pm_params_add_text(params, 2, pm_kind_to_string(entry->item->kind));
	if (mail->has_date)
		pm_params_add_int(params, 3, mail->date * G_USEC_PER_SEC);
	else
		pm_params_add_null(params, 3);
	pm_params_add_text(params, 4, entry->headers);
	add_text(params, 5, mail->content);
	pm_params_add_text(params, 6, entry->item->name);
	add_text(params, 7, mail->diff);
	pm_params_add_text(params, 8, mail->hash);
	pm_params_add_text(params, 9, mail->pull_url);
	pm_params_add_text(params, 10, entry->tags);
	if (keep_raw && mail->needs_raw)
		pm_params_add_bytes(params, 11, bytes, len);
	else
		pm_params_add_null(params, 11);
}

/* Whether there is anything to compare, and it is the first of its id. */
static gboolean
is_comparable(const PmEntry *entry, GHashTable *seen)
{
	if (entry->mail == NULL || entry->item == NULL)
		return FALSE;
	return g_hash_table_add(
		seen, g_strdup_printf("%d %s", entry->project->id, entry->mail->msgid));
}

static gint
compare_ids(gconstpointer a, gconstpointer b)
{
	const PmEntry *const *one = a, *const *other = b;

	return (*one)->project->id - (*other)->project->id;
}

static PmParams *
ids_of(GPtrArray *entries)
{
	static const PmType types[] = {PM_TYPE_INT4};
	PmParams *params = pm_columns_new(types, 1);
	int last = 0;

	/* Rising, as all who lock projects do. */
	g_ptr_array_sort(entries, compare_ids);
	for (guint i = 0; i < entries->len; i++) {
		const PmEntry *entry = g_ptr_array_index(entries, i);

		if (entry->project->id != last)
			pm_params_add_int(params, 0, entry->project->id);
		last = entry->project->id;
	}
	return params;
}

static void
report_rows(const PmRows *rows, PmRefreshReport report, gpointer user_data)
{
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		PmDifference difference = {
			.kind = pm_rows_text(rows, i, 0),
			.id = (int)pm_rows_int(rows, i, 1),
			.msgid = pm_rows_text(rows, i, 2),
			.field = pm_rows_text(rows, i, 3),
			.was = pm_rows_text_or_null(rows, i, 4),
			.now = pm_rows_text_or_null(rows, i, 5),
		};

		report(&difference, user_data);
	}
}

gboolean
pm_refresh(PmStore *store, PmEntry **entries, guint n, PmRefreshFlags flags,
	   PmRefreshReport report, gpointer user_data, GError **error)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) chosen = g_ptr_array_new();
	PmPg *pg = pm_store_pg(store);

	for (guint i = 0; i < n; i++)
		if (is_comparable(entries[i], seen))
			g_ptr_array_add(chosen, entries[i]);
	if (chosen->len == 0)
		return TRUE;
	PmParams *projects = ids_of(chosen);
	PmParams *params = pm_columns_new(columns, G_N_ELEMENTS(columns));
	for (guint i = 0; i < chosen->len; i++)
		add_entry(params, g_ptr_array_index(chosen, i),
			  (flags & PM_REFRESH_KEEP_RAW) != 0);
	(void)pm_pg_send(pg, PM_SQL_BEGIN, NULL);
	(void)pm_pg_send(pg, PM_SQL_LOCK_PROJECTS, projects);
	guint result = pm_pg_send(pg, PM_SQL_REFRESH_MAILS, params);
	if (!pm_pg_sync(pg, error)) {
		pm_pg_rollback(pg);
		return FALSE;
	}
	report_rows(pm_pg_rows(pg, result), report, user_data);
	if (!(flags & PM_REFRESH_DRY_RUN))
		return pm_pg_commit(pg, error);
	pm_pg_rollback(pg);
	return TRUE;
}

static const PmProject *
project_of(const PmCatalog *catalog, int id)
{
	guint n = 0;
	const PmProject *const *projects = pm_catalog_projects(catalog, &n);

	for (guint i = 0; i < n; i++)
		if (projects[i]->id == id)
			return projects[i];
	return NULL;
}

static PmParams *
params_of_next(const char *position, const char *linkname, const GPtrArray *msgids,
	       guint limit)
{
	PmParams *params = pm_params_new();
	const char *gap = position ? strchr(position, ' ') : NULL;

	pm_params_text(params, gap ? gap + 1 : "");
	pm_params_int4(params, gap ? (int)g_ascii_strtoll(position, NULL, 10) : 0);
	if (linkname != NULL)
		pm_params_text(params, linkname);
	else
		pm_params_null(params, PM_TYPE_TEXT);
	guint at = pm_params_array(params, PM_TYPE_TEXT);
	for (guint i = 0; i < msgids->len; i++)
		pm_params_add_text(params, at, g_ptr_array_index(msgids, i));
	pm_params_int4(params, (int)limit);
	return params;
}

GPtrArray *
pm_refresh_next(PmStore *store, PmCatalog *catalog, char **position, const char *linkname,
		const GPtrArray *msgids, guint limit, GError **error)
{
	PmPg *pg = pm_store_pg(store);
	g_autoptr(GPtrArray) entries =
		g_ptr_array_new_with_free_func((GDestroyNotify)pm_entry_free);

	guint result = pm_pg_send(pg, PM_SQL_REFRESH_NEXT,
				  params_of_next(*position, linkname, msgids, limit));
	if (!pm_pg_sync(pg, error))
		return NULL;
	const PmRows *rows = pm_pg_rows(pg, result);
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		g_autoptr(GBytes) bytes = pm_rows_bytes(rows, i, 2);
		g_autoptr(PmEntry) entry =
			pm_entry_read(bytes, g_bytes_get_size(bytes), catalog, NULL);

		g_ptr_array_add(
			entries,
			pm_entry_for_project(
				entry, project_of(catalog, pm_rows_int(rows, i, 1))));
		g_free(*position);
		*position = g_strdup_printf("%s %s", pm_rows_text(rows, i, 1),
					    pm_rows_text(rows, i, 0));
	}
	return g_steal_pointer(&entries);
}
