/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/suspects.h"

struct PmSuspects {
	GHashTable *failures; /* digest -> n_stored when it failed first */
	GQueue order;	      /* of the keys, the oldest first */
	guint64 n_stored;
};

PmSuspects *
pm_suspects_new(void)
{
	PmSuspects *suspects = g_new0(PmSuspects, 1);

	suspects->failures =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_queue_init(&suspects->order);
	return suspects;
}

void
pm_suspects_free(PmSuspects *suspects)
{
	if (suspects == NULL)
		return;
	g_queue_clear(&suspects->order);
	g_hash_table_unref(suspects->failures);
	g_free(suspects);
}

void
pm_suspects_note_stored(PmSuspects *suspects)
{
	suspects->n_stored++;
}

/* A mail in a project. (transfer full) */
static char *
name_of(const PmEntry *entry)
{
	g_autofree char *digest =
		g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, entry->bytes);

	return g_strdup_printf("%s %d", digest, entry->project ? entry->project->id : 0);
}

gboolean
pm_suspects_accuse(PmSuspects *suspects, const PmEntry *entry)
{
	g_autofree char *name = name_of(entry);
	const guint64 *known = g_hash_table_lookup(suspects->failures, name);

	if (known != NULL)
		return *known < suspects->n_stored;
	if (suspects->order.length == PM_SUSPECTS_MAX)
		g_hash_table_remove(suspects->failures,
				    g_queue_pop_head(&suspects->order));
	g_queue_push_tail(&suspects->order, name);
	g_hash_table_insert(suspects->failures, g_steal_pointer(&name),
			    g_memdup2(&suspects->n_stored, sizeof suspects->n_stored));
	return FALSE;
}
