/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

/*
 * The projects that a batch decides about are locked first, in the order of their ids.
 */

static gint
compare_ints(gconstpointer a, gconstpointer b)
{
	return *(const int *)a - *(const int *)b;
}

/* Whose mail may be decided about: the projects of a list that tags tell apart, too. */
static void
note_locks(PmBatch *batch)
{
	guint n;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);

	for (guint i = 0; i < batch->n_entries; i++) {
		const PmEntry *entry = batch->entries[i];

		if (pm_batch_is_storable(entry))
			g_hash_table_add(batch->locks,
					 GINT_TO_POINTER(entry->project->id));
		for (guint k = 0; k < n && pm_batch_has_tags(batch, entry); k++)
			if (pm_batch_is_of_list(projects[k], entry))
				g_hash_table_add(batch->locks,
						 GINT_TO_POINTER(projects[k]->id));
	}
}

void
pm_batch_send_locks(PmBatch *batch)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int));
	PmParams *params = pm_params_new();
	GHashTableIter iter;
	gpointer project;

	note_locks(batch);
	g_hash_table_iter_init(&iter, batch->locks);
	while (g_hash_table_iter_next(&iter, &project, NULL)) {
		int id = GPOINTER_TO_INT(project);

		g_array_append_val(ids, id);
	}
	g_array_sort(ids, compare_ints);
	pm_params_array(params, PM_TYPE_INT4);
	for (guint i = 0; i < ids->len; i++)
		pm_params_add_int(params, 0, g_array_index(ids, int, i));
	(void)pm_pg_send_rows(batch->pg, PM_SQL_LOCK_PROJECTS, params);
}
