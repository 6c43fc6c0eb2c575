/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"
#include "lib/store/trail.h"

/*
 * Mails without tag that came before the thread they belong to: they were given to the
 * list's project without tag, and now go to the project of the thread, with the series
 * they are in and the replies below them. Seldom, so it may cost a round trip or two;
 * afterwards the batch looks at the database anew.
 */

static void
mark(GHashTable *set, gint64 label)
{
	g_hash_table_add(set, g_memdup2(&label, sizeof(label)));
}

typedef struct {
	PmBatch *batch;
	GPtrArray *nodes; /* of PmNode: stored mails of projects without tag */
	GPtrArray *ends;  /* of PmProject: where each goes, or NULL */
} PmHomes;

/* The project of the same list without a tag. (nullable) */
static const PmProject *
untagged_sibling(const PmBatch *batch, const PmProject *project)
{
	guint n;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);

	for (guint i = 0; i < n && project->subject_match != NULL; i++)
		if (projects[i]->subject_match == NULL &&
		    g_str_equal(projects[i]->list_id, project->list_id))
			return projects[i];
	return NULL;
}

/* The clusters without tag in which this mail is waited for. */
static void
add_waiting(const PmBatch *batch, const PmEntry *entry, GArray *clusters)
{
	if (!pm_batch_is_storable(entry))
		return;
	const PmProject *sibling = untagged_sibling(batch, entry->project);
	const PmNode *node =
		sibling ? pm_nodes_find(batch->nodes, sibling->id, entry->mail->msgid)
			: NULL;
	if (node != NULL && node->is_stored && node->now.kind == PM_NODE_GHOST)
		g_array_append_val(clusters, node->cluster);
}

/* Of mails that are known, too: they may have come there as replies to another list. */
static GArray *
waiting_clusters(PmBatch *batch)
{
	GArray *clusters = g_array_new(FALSE, FALSE, sizeof(gint64));

	for (guint i = 0; i < batch->n_entries; i++)
		add_waiting(batch, batch->entries[i], clusters);
	for (guint i = 0; i < batch->copies->len; i++)
		add_waiting(batch, batch->copies->pdata[i], clusters);
	return clusters;
}

/* A project with a tag of the same list that has the mail, or gets it now. (nullable) */
static const PmProject *
tagged_home(const PmBatch *batch, GHashTable *arriving, const PmProject *from,
	    const char *msgid)
{
	guint n;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);

	for (guint i = 0; i < n; i++) {
		g_autofree char *key = pm_batch_key(projects[i]->id, msgid);
		gboolean is_sibling = projects[i]->subject_match != NULL &&
				      g_str_equal(projects[i]->list_id, from->list_id);

		if (is_sibling && (pm_batch_has_seen(batch, projects[i]->id, msgid) ||
				   g_hash_table_contains(arriving, key)))
			return projects[i];
	}
	return NULL;
}

static const PmProject *
project_of(const PmBatch *batch, const PmNode *node)
{
	guint n;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);

	for (guint i = 0; i < n; i++)
		if (projects[i]->id == node->project_id)
			return projects[i];
	return NULL;
}

static void
collect_nodes(PmHomes *homes)
{
	for (guint i = 0; i < pm_nodes_count(homes->batch->nodes); i++) {
		PmNode *node = pm_nodes_at(homes->batch->nodes, i);
		const PmProject *project = project_of(homes->batch, node);

		if (node->is_stored && node->now.kind != PM_NODE_GHOST &&
		    !node->is_foreign && project != NULL &&
		    project->subject_match == NULL)
			g_ptr_array_add(homes->nodes, node);
	}
	g_ptr_array_set_size(homes->ends, (int)homes->nodes->len);
}

/* Where a reference of a mail without tag leads. */
static guint
place_of(PmHomes *homes, PmTrail *trail, GHashTable *places, GHashTable *arriving,
	 const PmNode *node, const char *ref)
{
	const PmNode *other = pm_nodes_find(homes->batch->nodes, node->project_id, ref);
	guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, other));

	if (other != NULL && place > 0)
		return place - 1;
	const PmProject *home =
		tagged_home(homes->batch, arriving, project_of(homes->batch, node), ref);
	return home ? pm_trail_add(trail, ref, home) : PM_THREAD_NONE;
}

static void
find_ends(PmHomes *homes)
{
	g_autoptr(PmTrail) trail = pm_trail_new();
	g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) arriving = pm_batch_index_entries(homes->batch);

	for (guint i = 0; i < homes->nodes->len; i++) {
		PmNode *node = g_ptr_array_index(homes->nodes, i);
		guint place = pm_trail_add(trail, node->msgid, NULL) + 1;

		g_hash_table_insert(places, node, GUINT_TO_POINTER(place));
	}
	for (guint i = 0; i < homes->nodes->len; i++) {
		const PmNode *node = g_ptr_array_index(homes->nodes, i);

		for (char **ref = node->refs; ref != NULL && *ref != NULL; ref++)
			pm_trail_refer(
				trail, i,
				place_of(homes, trail, places, arriving, node, *ref));
	}
	pm_trail_resolve(trail);
	for (guint i = 0; i < homes->nodes->len; i++)
		homes->ends->pdata[i] = (gpointer)pm_trail_end(trail, i);
}

/* A series goes as a whole, and so do replies with what they hang on. */
static void
take_along(PmHomes *homes)
{
	g_autoptr(GHashTable) series = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) submissions =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < homes->nodes->len; i++) {
		const PmNode *node = g_ptr_array_index(homes->nodes, i);

		if (homes->ends->pdata[i] != NULL && node->now.series_id != 0)
			g_hash_table_insert(series, GINT_TO_POINTER(node->now.series_id),
					    homes->ends->pdata[i]);
	}
	for (guint i = 0; i < homes->nodes->len; i++) {
		const PmNode *node = g_ptr_array_index(homes->nodes, i);
		gpointer end =
			g_hash_table_lookup(series, GINT_TO_POINTER(node->now.series_id));

		if (!pm_node_is_submission(node) || end == NULL)
			continue;
		homes->ends->pdata[i] = end;
		g_hash_table_insert(submissions,
				    pm_batch_key(node->project_id, node->msgid), end);
	}
	for (guint i = 0; i < homes->nodes->len; i++) {
		const PmNode *node = g_ptr_array_index(homes->nodes, i);

		if (homes->ends->pdata[i] != NULL || pm_node_is_submission(node) ||
		    node->now.anchor == NULL)
			continue;
		g_autofree char *key = pm_batch_key(node->project_id, node->now.anchor);
		homes->ends->pdata[i] = g_hash_table_lookup(submissions, key);
	}
}

/* Whether the project that a mail goes to has it already: it may hold a reply, of which the
 * other is a comment, and then that goes there in its place. */
static gboolean
is_taken(const PmBatch *batch, const PmNode *node, int project_id)
{
	const PmNode *other = pm_nodes_find(batch->nodes, project_id, node->msgid);
	gboolean is_better = other != NULL && other->now.kind == PM_NODE_HELD &&
			     node->now.kind == PM_NODE_REPLY;

	return other != NULL && other->now.kind != PM_NODE_GHOST && !is_better;
}

/* What waits there for the mail is in threads of its own, which become one with its own. */
static void
note_rehomed(PmBatch *batch, const PmNode *node, int project_id)
{
	PmRehomed *rehomed = g_new0(PmRehomed, 1);
	const PmNode *waiting = pm_nodes_find(batch->nodes, project_id, node->msgid);

	rehomed->msgid = g_strdup(node->msgid);
	rehomed->project_id = project_id;
	rehomed->refs = g_strdupv(node->refs);
	if (waiting != NULL && waiting->is_stored) {
		rehomed->thread = waiting->thread;
		rehomed->cluster = waiting->cluster;
	}
	g_ptr_array_add(batch->rehomed, rehomed);
}

/* What a statement is told, one array a column. */
typedef struct {
	PmParams *ghosts, *mails, *patches, *covers, *series, *ids;
	GHashTable *seen; /* series */
} PmMoves;

static void
add_row(PmParams *params, int id, int project_id)
{
	pm_params_add_int(params, 0, id);
	pm_params_add_int(params, 1, project_id);
}

static void
add_move(PmMoves *moves, const PmNode *node, int project_id)
{
	gpointer series_id = GINT_TO_POINTER(node->now.series_id);

	pm_params_add_text(moves->ghosts, 0, node->msgid);
	pm_params_add_int(moves->ghosts, 1, project_id);
	pm_params_add_text(moves->mails, 0, node->msgid);
	pm_params_add_int(moves->mails, 1, node->project_id);
	pm_params_add_int(moves->mails, 2, project_id);
	if (!pm_node_is_submission(node))
		return;
	if (node->now.kind == PM_NODE_PATCH)
		add_row(moves->patches, node->now.patch_id, project_id);
	else
		add_row(moves->covers, node->now.cover_id, project_id);
	if (node->now.series_id == 0 || !g_hash_table_add(moves->seen, series_id))
		return;
	add_row(moves->series, node->now.series_id, project_id);
	pm_params_add_int(moves->ids, 0, node->now.series_id);
}

static gboolean
send_moves(PmHomes *homes, GError **error)
{
	static const PmType mail_types[] = {PM_TYPE_TEXT, PM_TYPE_INT4, PM_TYPE_INT4};
	static const PmType row_types[] = {PM_TYPE_INT4, PM_TYPE_INT4};
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	PmMoves moves = {pm_columns_new(mail_types, 2),
			 pm_columns_new(mail_types, 3),
			 pm_columns_new(row_types, 2),
			 pm_columns_new(row_types, 2),
			 pm_columns_new(row_types, 2),
			 pm_columns_new(row_types, 1),
			 seen};
	PmBatch *batch = homes->batch;

	for (guint i = 0; i < homes->nodes->len; i++) {
		const PmProject *project = homes->ends->pdata[i];
		const PmNode *node = homes->nodes->pdata[i];

		if (project == NULL || is_taken(batch, node, project->id))
			continue;
		add_move(&moves, node, project->id);
		note_rehomed(batch, node, project->id);
	}
	gboolean is_cut = pm_params_rows(moves.ids, 0) > 0;
	guint cut = pm_pg_send_where(batch->pg, PM_SQL_CUT_REVISIONS, moves.ids, is_cut);
	pm_batch_send_if_any(batch, PM_SQL_REHOME_GHOSTS, moves.ghosts);
	pm_batch_send_if_any(batch, PM_SQL_REHOME_MESSAGES, moves.mails);
	pm_batch_send_if_any(batch, PM_SQL_REHOME_PATCHES, moves.patches);
	pm_batch_send_if_any(batch, PM_SQL_REHOME_COVERS, moves.covers);
	pm_batch_send_if_any(batch, PM_SQL_REHOME_SERIES, moves.series);
	if (!pm_pg_sync(batch->pg, error))
		return FALSE;
	for (guint i = 0; i < pm_rows_count(pm_pg_rows(batch->pg, cut)); i++) {
		gint64 cluster = pm_rows_int(pm_pg_rows(batch->pg, cut), i, 0);

		g_array_append_val(batch->unlinked, cluster);
	}
	return TRUE;
}

static guint
send_load(PmBatch *batch, PmSql sql, const GArray *clusters)
{
	static const PmType types[] = {PM_TYPE_INT8};
	PmParams *params = pm_columns_new(types, 1);

	for (guint i = 0; i < clusters->len; i++)
		pm_params_add_int(params, 0, g_array_index(clusters, gint64, i));
	return pm_pg_send_rows(batch->pg, sql, params);
}

/* What other projects know of the mails that were read, and of what these refer to. */
static gboolean
load_others(PmBatch *batch, GError **error)
{
	static const PmType types[] = {PM_TYPE_TEXT};
	PmParams *ids = pm_columns_new(types, 1);

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		const PmNode *node = pm_nodes_at(batch->nodes, i);

		pm_params_add_text(ids, 0, node->msgid);
		for (char **ref = node->refs; ref != NULL && *ref != NULL; ref++)
			pm_params_add_text(ids, 0, *ref);
	}
	guint asked = pm_pg_send_rows(batch->pg, PM_SQL_FIND_MESSAGES, ids);
	if (!pm_pg_sync(batch->pg, error))
		return FALSE;
	const PmRows *rows = pm_pg_rows(batch->pg, asked);
	for (guint i = 0; i < pm_rows_count(rows); i++)
		(void)pm_nodes_from_row(batch->nodes, rows, i, FALSE);
	return TRUE;
}

gboolean
pm_batch_load(PmBatch *batch, const GArray *clusters, GError **error)
{

	guint asked[] = {
		send_load(batch, PM_SQL_FIND_MEMBERS, clusters),
		send_load(batch, PM_SQL_FIND_THREADS, clusters),
	};

	if (!pm_pg_sync(batch->pg, error))
		return FALSE;
	for (guint k = 0; k < G_N_ELEMENTS(asked); k++) {
		const PmRows *rows = pm_pg_rows(batch->pg, asked[k]);

		for (guint i = 0; i < pm_rows_count(rows); i++)
			(void)pm_nodes_from_row(batch->nodes, rows, i, TRUE);
	}
	return load_others(batch, error);
}

gboolean
pm_batch_rehome(PmBatch *batch, gboolean *any_out, GError **error)
{
	g_autoptr(GArray) clusters = waiting_clusters(batch);
	g_autoptr(GPtrArray) nodes = g_ptr_array_new();
	g_autoptr(GPtrArray) ends = g_ptr_array_new();
	PmHomes homes = {batch, nodes, ends};
	guint before = batch->rehomed->len;

	*any_out = FALSE;
	if (clusters->len == 0)
		return TRUE;
	if (!pm_batch_load(batch, clusters, error))
		return FALSE;
	collect_nodes(&homes);
	find_ends(&homes);
	take_along(&homes);
	if (!send_moves(&homes, error))
		return FALSE;
	*any_out = batch->rehomed->len > before;
	return TRUE;
}

/* They are in their new threads when what they refer to is looked at again. */
static void
join_waiting(PmBatch *batch, const PmRehomed *rehomed, PmNode *node)
{
	pm_batch_join_references(batch, node);
	pm_batch_mark_revived(batch, node);
	if (rehomed->cluster == 0)
		return;
	pm_labels_join(batch->threads, node->thread, rehomed->thread);
	pm_labels_join(batch->clusters, node->cluster, rehomed->cluster);
	mark(batch->touched, rehomed->cluster);
}

void
pm_batch_join_rehomed(PmBatch *batch)
{
	for (guint i = 0; i < batch->rehomed->len; i++) {
		const PmRehomed *rehomed = g_ptr_array_index(batch->rehomed, i);
		PmNode *node =
			pm_nodes_find(batch->nodes, rehomed->project_id, rehomed->msgid);

		if (node != NULL && node->entry == NULL)
			join_waiting(batch, rehomed, node);
	}
	for (guint i = 0; i < batch->unlinked->len; i++)
		mark(batch->touched, g_array_index(batch->unlinked, gint64, i));
}
