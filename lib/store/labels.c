/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/labels.h"

/*
 * The smallest database id wins, so that the result does not depend on the order
 * in which labels were joined; among fresh ones the eldest (nearest to zero).
 */

struct PmLabels {
	GHashTable *parents; /* gint64* -> gint64*, only where not its own parent */
	gint64 last_fresh;
};

PmLabels *
pm_labels_new(void)
{
	PmLabels *labels = g_new0(PmLabels, 1);

	labels->parents =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	return labels;
}

void
pm_labels_free(PmLabels *labels)
{
	if (labels == NULL)
		return;
	g_hash_table_unref(labels->parents);
	g_free(labels);
}

gint64
pm_labels_fresh(PmLabels *labels)
{
	return --labels->last_fresh;
}

static void
set_parent(PmLabels *labels, gint64 id, gint64 parent)
{
	g_hash_table_insert(labels->parents, g_memdup2(&id, sizeof(id)),
			    g_memdup2(&parent, sizeof(parent)));
}

gint64
pm_labels_find(PmLabels *labels, gint64 id)
{
	gint64 root = id;
	const gint64 *parent;

	while ((parent = g_hash_table_lookup(labels->parents, &root)) != NULL)
		root = *parent;
	while (id != root) {
		gint64 *link = g_hash_table_lookup(labels->parents, &id);
		gint64 next = *link;

		*link = root;
		id = next;
	}
	return root;
}

static gboolean
is_elder(gint64 a, gint64 b)
{
	if ((a > 0) != (b > 0))
		return a > 0;
	return ABS(a) < ABS(b);
}

gint64
pm_labels_join(PmLabels *labels, gint64 a, gint64 b)
{
	gint64 root_a = pm_labels_find(labels, a);
	gint64 root_b = pm_labels_find(labels, b);

	if (root_a == root_b)
		return root_a;
	if (is_elder(root_a, root_b)) {
		set_parent(labels, root_b, root_a);
		return root_a;
	}
	set_parent(labels, root_a, root_b);
	return root_b;
}

void
pm_labels_settle(PmLabels *labels, gint64 label, gint64 id)
{
	gint64 root = pm_labels_find(labels, label);

	if (root < 0)
		set_parent(labels, root, id);
}
