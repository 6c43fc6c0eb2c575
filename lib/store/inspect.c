/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/inspect.h"

#include "lib/error.h"
#include "lib/store/batch.h"

/* The correlator is a pure function, so asking it again gives the reasons anew. */

static const char *
describe_kind(char kind)
{
	switch ((PmNodeKind)kind) {
	case PM_NODE_PATCH:
		return "patch";
	case PM_NODE_COVER:
		return "cover";
	case PM_NODE_REPLY:
		return "comment";
	case PM_NODE_HELD:
		return "held: what it answers has not been seen";
	case PM_NODE_DISCUSSION:
		return "discussion: it answers no patch or cover";
	case PM_NODE_IGNORED:
		return "ignored";
	case PM_NODE_GHOST:
		return "referred to, not seen";
	}
	return "unknown";
}

static void
print_node(GString *text, const PmNode *node)
{
	g_string_append_printf(text, "message-id: %s\nkind: %s\n", node->msgid,
			       describe_kind(node->now.kind));
	if (node->now.anchor != NULL)
		g_string_append_printf(text, "answers: %s\n", node->now.anchor);
	if (node->now.series_id != 0)
		g_string_append_printf(text, "series: %d\n", node->now.series_id);
	g_string_append_printf(
		text, "thread: %" G_GINT64_FORMAT "\ncluster: %" G_GINT64_FORMAT "\n",
		node->thread, node->cluster);
}

static void
print_group(GString *text, const PmGrouping *grouping, guint g, const GPtrArray *nodes)
{
	const PmGroup *group = &grouping->groups[g];

	g_string_append_printf(text, "\ngroup: version %d, %u of %d%s\n", group->version,
			       group->n_patches, group->total,
			       group->is_complete ? ", complete" : "");
	if (group->supersedes >= 0)
		g_string_append_printf(text, "  replaces another one below: %s\n",
				       group->supersedes_reason);
	for (guint i = 0; i < grouping->n_facts; i++) {
		const PmPlacement *place = &grouping->placements[i];
		const PmNode *node = g_ptr_array_index(nodes, i);
		const char *help = pm_correlate_rule_help(place->rule);

		if (place->group == g)
			g_string_append_printf(text, "  %3d  %s  %s\n       %s%s%s\n",
					       place->number, node->msgid, node->name,
					       place->rule, help ? ": " : "",
					       help ? help : "");
	}
}

static void
print_cluster(GString *text, PmBatch *batch)
{
	g_autoptr(GPtrArray) nodes = g_ptr_array_new();

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++)
		if (pm_nodes_at(batch->nodes, i)->has_facts)
			g_ptr_array_add(nodes, pm_nodes_at(batch->nodes, i));
	g_autofree PmFact *facts = g_new(PmFact, MAX(nodes->len, 1));
	for (guint i = 0; i < nodes->len; i++)
		facts[i] = pm_batch_fact(batch, g_ptr_array_index(nodes, i));
	g_autoptr(PmGrouping) grouping = pm_correlate(facts, nodes->len);
	for (guint g = 0; g < grouping->n_groups; g++)
		print_group(text, grouping, g, nodes);
}

static gboolean
load_members(PmBatch *batch, gint64 cluster, GError **error)
{
	static const PmType types[] = {PM_TYPE_INT8};
	PmParams *params = pm_columns_new(types, 1);

	pm_params_add_int(params, 0, cluster);
	guint members = pm_pg_send(batch->pg, PM_SQL_FIND_MEMBERS, params);
	if (!pm_pg_sync(batch->pg, error))
		return FALSE;
	const PmRows *rows = pm_pg_rows(batch->pg, members);
	for (guint i = 0; i < pm_rows_count(rows); i++)
		(void)pm_nodes_from_row(batch->nodes, rows, i, TRUE);
	return TRUE;
}

static PmNode *
find_message(PmBatch *batch, const char *id, GError **error)
{
	static const PmType types[] = {PM_TYPE_TEXT};
	PmParams *params = pm_columns_new(types, 1);

	pm_params_add_text(params, 0, id);
	guint found = pm_pg_send(batch->pg, PM_SQL_FIND_MESSAGES, params);
	if (!pm_pg_sync(batch->pg, error))
		return NULL;
	if (pm_rows_count(pm_pg_rows(batch->pg, found)) == 0) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
			    "no project has seen a mail %s", id);
		return NULL;
	}
	return pm_nodes_from_row(batch->nodes, pm_pg_rows(batch->pg, found), 0, FALSE);
}

char *
pm_inspect_message(PmStore *store, const char *msgid, GError **error)
{
	g_autofree char *id =
		msgid[0] == '<' ? g_strdup(msgid) : g_strdup_printf("<%s>", msgid);
	g_autoptr(PmBatch) batch = pm_batch_new(pm_store_pg(store), NULL, NULL, NULL, 0);
	g_autoptr(GString) text = g_string_new(NULL);
	PmNode *node = find_message(batch, id, error);

	if (node == NULL)
		return NULL;
	print_node(text, node);
	if (!load_members(batch, node->cluster, error))
		return NULL;
	print_cluster(text, batch);
	return g_string_free(g_steal_pointer(&text), FALSE);
}
