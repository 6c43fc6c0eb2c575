/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/inspect.h"

#include "lib/error.h"
#include "lib/series/why.h"
#include "lib/store/batch.h"

/*
 * The correlator is a pure function, so asking it again gives the reasons anew: the same
 * stages as of a batch are run over what is stored, up to the ideal grouping.
 */

enum {
	/* Other series of a cluster that are shown; more say nothing new. */
	CANDIDATES_MAX = 20,
};

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
print_node(GString *text, const PmBatch *batch, const PmNode *node)
{
	const char *project = pm_batch_linkname(batch, node->project_id);

	g_string_append_printf(text, "message-id: %s\nproject: %s\nkind: %s\n",
			       node->msgid, project, describe_kind(node->now.kind));
	if (node->now.anchor != NULL)
		g_string_append_printf(text, "answers: %s\n", node->now.anchor);
	if (node->now.series_id != 0)
		g_string_append_printf(text, "series: %d\n", node->now.series_id);
	g_string_append_printf(
		text, "thread: %" G_GINT64_FORMAT "\ncluster: %" G_GINT64_FORMAT "\n",
		node->thread, node->cluster);
}

/* What it refers to, nearest first: the first that leads to a patch or cover is its place. */
static void
print_references(GString *text, const PmBatch *batch, const PmNode *node)
{
	for (char **ref = node->refs; ref != NULL && *ref != NULL; ref++) {
		const PmNode *other = pm_nodes_find(batch->nodes, node->project_id, *ref);

		g_string_append_printf(
			text, "refers to: %s: %s\n", *ref,
			describe_kind(other ? other->now.kind : PM_NODE_GHOST));
	}
}

static void
print_rule(GString *text, const char *rule)
{
	const char *help = pm_correlate_rule_help(rule);

	g_string_append_printf(text, "%s%s%s\n", rule, help ? ": " : "",
			       help ? help : "");
}

static void
print_group(GString *text, const PmCluster *cluster, guint g)
{
	const PmGrouping *grouping = cluster->grouping;
	const PmGroup *group = &grouping->groups[g];

	g_string_append_printf(text, "\ngroup: version %d, %u of %d%s\n", group->version,
			       group->n_patches, group->total,
			       group->is_complete ? ", complete" : "");
	if (group->supersedes >= 0)
		g_string_append_printf(text, "  replaces another one below: %s\n",
				       group->supersedes_reason);
	for (guint i = 0; i < grouping->n_facts; i++) {
		const PmPlacement *place = &grouping->placements[i];
		const PmNode *node = g_ptr_array_index(cluster->nodes, i);

		if (place->group != g)
			continue;
		g_string_append_printf(text, "  %3d  %s  %s\n       ", place->number,
				       node->msgid, node->name);
		print_rule(text, place->rule);
	}
}

/* Why nothing would take it from its series. */
static void
print_keeper(GString *text, const PmBatch *batch, const PmNode *node)
{
	const PmSeriesRow *series =
		g_hash_table_lookup(batch->series, GINT_TO_POINTER(node->was.series_id));
	const char *why = node->is_foreign ? "Patchwork made it" : NULL;

	if (series != NULL && series->is_worked_on)
		why = "people have worked on its patches";
	if (series != NULL && series->is_decided)
		why = "somebody decided so, see \"patchmail series list-decisions\"";
	if (why != NULL && node->was.series_id != 0)
		g_string_append_printf(text, "kept: series %d stays as it is: %s\n",
				       node->was.series_id, why);
}

/* The other series it might have been in, and what would have to differ. */
static void
print_candidates(GString *text, PmBatch *batch, const PmCluster *cluster, guint at)
{
	const PmGrouping *grouping = cluster->grouping;
	g_autofree PmFact *facts = g_new(PmFact, cluster->nodes->len);
	guint n_shown = 0;

	for (guint i = 0; i < cluster->nodes->len; i++)
		facts[i] = pm_batch_fact(batch, g_ptr_array_index(cluster->nodes, i));
	for (guint g = 0; g < grouping->n_groups; g++) {
		const PmGroup *group = &grouping->groups[g];

		if (g == grouping->placements[at].group)
			continue;
		if (n_shown++ == CANDIDATES_MAX) {
			g_string_append(text, "candidate: and more\n");
			return;
		}
		guint first = group->cover >= 0 ? (guint)group->cover : group->patches[0];
		const PmNode *other = g_ptr_array_index(cluster->nodes, first);
		g_autofree char *why = pm_why_not(facts, grouping, at, g);
		g_string_append_printf(
			text, "candidate: not series %d (version %d, %u of %d): %s\n",
			other->now.series_id, group->version, group->n_patches,
			group->total, why);
	}
}

static void
print_decision(GString *text, PmBatch *batch, const PmCluster *cluster,
	       const PmNode *node)
{
	guint at = 0;

	if (!g_ptr_array_find(cluster->nodes, node, &at))
		return;
	g_string_append(text, "decided by: ");
	print_rule(text, cluster->grouping->placements[at].rule);
	print_keeper(text, batch, node);
	print_candidates(text, batch, cluster, at);
}

/* Where the reply and what it refers to are. */
static gboolean
load_references(PmBatch *batch, const PmNode *node, GError **error)
{
	static const PmType types[] = {PM_TYPE_TEXT};
	PmParams *params = pm_columns_new(types, 1);

	for (char **ref = node->refs; ref != NULL && *ref != NULL; ref++)
		pm_params_add_text(params, 0, *ref);
	guint found = pm_pg_send_rows(batch->pg, PM_SQL_FIND_MESSAGES, params);
	if (!pm_pg_sync(batch->pg, error))
		return FALSE;
	const PmRows *rows = pm_pg_rows(batch->pg, found);
	for (guint i = 0; i < pm_rows_count(rows); i++)
		(void)pm_nodes_from_row(batch->nodes, rows, i, FALSE);
	return TRUE;
}

/* All that a project knows of the mail. */
static gboolean
inspect(PmBatch *batch, PmNode *node, GString *text, GError **error)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_remove_all(batch->touched);
	pm_batch_mark_touched(batch, node);
	if (!load_references(batch, node, error) || !pm_batch_load_clusters(batch, error))
		return FALSE;
	g_autoptr(GHashTable) clusters = pm_batch_ideal(batch, error);
	if (clusters == NULL)
		return FALSE;
	print_node(text, batch, node);
	print_references(text, batch, node);
	g_hash_table_iter_init(&iter, clusters);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const PmCluster *cluster = value;

		print_decision(text, batch, cluster, node);
		for (guint g = 0; g < cluster->grouping->n_groups; g++)
			print_group(text, cluster, g);
	}
	return TRUE;
}

static gboolean
find_message(PmBatch *batch, const char *id, GPtrArray *nodes, GError **error)
{
	static const PmType types[] = {PM_TYPE_TEXT};
	PmParams *params = pm_columns_new(types, 1);

	pm_params_add_text(params, 0, id);
	guint found = pm_pg_send(batch->pg, PM_SQL_FIND_MESSAGES, params);
	if (!pm_pg_sync(batch->pg, error))
		return FALSE;
	const PmRows *rows = pm_pg_rows(batch->pg, found);
	for (guint i = 0; i < pm_rows_count(rows); i++)
		g_ptr_array_add(nodes, pm_nodes_from_row(batch->nodes, rows, i, FALSE));
	if (nodes->len > 0)
		return TRUE;
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
		    "no project has seen a mail %s", id);
	return FALSE;
}

char *
pm_inspect_message(PmStore *store, const char *msgid, GError **error)
{
	g_autofree char *id =
		msgid[0] == '<' ? g_strdup(msgid) : g_strdup_printf("<%s>", msgid);
	g_autoptr(PmCatalog) catalog = pm_store_catalog(store, 60, error);
	g_autoptr(GPtrArray) nodes = g_ptr_array_new();
	g_autoptr(GString) text = g_string_new(NULL);

	if (catalog == NULL)
		return NULL;
	g_autoptr(PmBatch) batch =
		pm_batch_new(pm_store_pg(store), NULL, catalog, NULL, 0);
	if (!find_message(batch, id, nodes, error))
		return NULL;
	for (guint i = 0; i < nodes->len; i++) {
		if (i > 0)
			g_string_append_c(text, '\n');
		if (!inspect(batch, nodes->pdata[i], text, error))
			return NULL;
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}
