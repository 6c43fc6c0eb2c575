/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/ids.h"

struct PmIds {
	GQueue spare[PM_ID_KINDS]; /* of gint64 */
};

PmIds *
pm_ids_new(void)
{
	PmIds *ids = g_new0(PmIds, 1);

	for (guint i = 0; i < PM_ID_KINDS; i++)
		g_queue_init(&ids->spare[i]);
	return ids;
}

void
pm_ids_free(PmIds *ids)
{
	if (ids == NULL)
		return;
	for (guint i = 0; i < PM_ID_KINDS; i++)
		g_queue_clear_full(&ids->spare[i], g_free);
	g_free(ids);
}

gboolean
pm_ids_send(const PmIds *ids, PmPg *pg, const guint wanted[PM_ID_KINDS], guint more,
	    guint *result_out)
{
	g_autoptr(PmParams) params = pm_params_new();
	guint missing = 0;

	for (guint i = 0; i < PM_ID_KINDS; i++) {
		guint spare = ids->spare[i].length;
		guint n = wanted[i] > spare ? wanted[i] - spare + more : 0;

		pm_params_int4(params, (int)n);
		missing += n;
	}
	if (missing == 0)
		return FALSE;
	*result_out = pm_pg_send(pg, PM_SQL_RESERVE_IDS, g_steal_pointer(&params));
	return TRUE;
}

/* An int8[] in text form, "{1,2,3}". */
static void
add_array(GQueue *spare, const char *text)
{
	while (*text != '\0' && text[1] != '}' && text[1] != '\0') {
		char *end;
		gint64 id = g_ascii_strtoll(text + 1, &end, 10);

		g_queue_push_tail(spare, g_memdup2(&id, sizeof(id)));
		text = end;
	}
}

void
pm_ids_add(PmIds *ids, const PmRows *rows)
{
	for (guint i = 0; i < PM_ID_KINDS; i++)
		add_array(&ids->spare[i], pm_rows_text(rows, 0, i));
}

gint64
pm_ids_take(PmIds *ids, PmIdKind kind)
{
	g_autofree gint64 *id = g_queue_pop_head(&ids->spare[kind]);

	g_assert(id != NULL);
	return *id;
}
