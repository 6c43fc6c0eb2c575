/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"
#include "lib/store/trail.h"

/*
 * Mails that belong to another project than their list says.
 *
 * A list may be shared by projects that each have a tag in the subject; who forgets the tag
 * means the project of the thread all the same. A mail without tag follows the nearest
 * mail on the way up that is stored: when it comes, and when that comes after it (then
 * rehome.c takes it over).
 *
 *     [pump] 0/2 <- 1/2 <- Re: 1/2        all three are of the project pump
 *
 * A reply may have gone to another list than what it answers. It stays with its list,
 * and is a comment where its parent is, too:
 *
 *     list one: patch        list two: Re: patch        the reply is on the patch of one
 */

/* Entries may have been read with catalogs of different age. */
static gboolean
is_same(const PmProject *a, const PmProject *b)
{
	return a != NULL && b != NULL && a->id == b->id;
}

gboolean
pm_batch_has_seen(const PmBatch *batch, int project_id, const char *msgid)
{
	const PmNode *node = pm_nodes_find(batch->nodes, project_id, msgid);

	return node != NULL && node->now.kind != PM_NODE_GHOST;
}

/* Whether a mail of that list may belong to project. */
gboolean
pm_batch_is_of_list(const PmProject *project, const PmEntry *entry)
{
	if (entry->project != NULL)
		return g_str_equal(project->list_id, entry->project->list_id);
	return g_strv_contains((const char *const *)entry->mail->list_ids,
			       project->list_id);
}

gboolean
pm_batch_has_tags(const PmBatch *batch, const PmEntry *entry)
{
	guint n;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);

	if (entry->mail == NULL || entry->is_culprit)
		return FALSE;
	for (guint i = 0; i < n; i++)
		if (projects[i]->subject_match != NULL &&
		    pm_batch_is_of_list(projects[i], entry))
			return TRUE;
	return FALSE;
}

gboolean
pm_batch_is_untagged(const PmBatch *batch, const PmEntry *entry)
{
	return (entry->project == NULL || entry->project->subject_match == NULL) &&
	       pm_batch_has_tags(batch, entry);
}

/* "PROJECT MESSAGE-ID" of the replies that were copied already. */
static GHashTable *
index_copies(const PmBatch *batch)
{
	GHashTable *keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < batch->copies->len; i++) {
		const PmEntry *copy = g_ptr_array_index(batch->copies, i);

		g_hash_table_add(keys,
				 pm_batch_key(copy->project->id, copy->mail->msgid));
	}
	return keys;
}

/* The same of those mails of this batch that are wanted: a mail may go to several projects. */
static void
index_entries(const PmBatch *batch, gboolean (*is_wanted)(const PmEntry *entry),
	      GHashTable *keys)
{
	for (guint i = 0; i < batch->n_entries; i++) {
		const PmEntry *entry = batch->entries[i];

		if (is_wanted(entry))
			g_hash_table_add(keys, pm_batch_key(entry->project->id,
							    entry->mail->msgid));
	}
}

GHashTable *
pm_batch_index_entries(const PmBatch *batch)
{
	GHashTable *keys = index_copies(batch);

	index_entries(batch, pm_batch_is_storable, keys);
	return keys;
}

/* The project with a tag of that list that has the mail, or gets it now. What is in the one
 * without tag leads to none with a tag, or it would not be there. (nullable) */
static const PmProject *
home_of(const PmBatch *batch, GHashTable *arriving, const PmEntry *entry,
	const char *msgid)
{
	guint n;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);

	for (guint i = 0; i < n; i++) {
		g_autofree char *key = pm_batch_key(projects[i]->id, msgid);

		if (projects[i]->subject_match != NULL &&
		    pm_batch_is_of_list(projects[i], entry) &&
		    (pm_batch_has_seen(batch, projects[i]->id, msgid) ||
		     g_hash_table_contains(arriving, key)))
			return projects[i];
	}
	return NULL;
}

/* Ends of references of mails without tag. */
typedef struct {
	PmBatch *batch;
	PmTrail *trail;
	GHashTable *places;   /* Message-ID -> place of an untagged mail, from 1 */
	GHashTable *arriving; /* as pm_batch_index_entries() */
} PmSearch;

static guint
place_of(PmSearch *search, const PmEntry *entry, const char *ref)
{
	const PmProject *home = home_of(search->batch, search->arriving, entry, ref);
	guint place = GPOINTER_TO_UINT(g_hash_table_lookup(search->places, ref));

	if (home != NULL)
		return pm_trail_add(search->trail, ref, home);
	return place > 0 ? place - 1 : PM_THREAD_NONE;
}

/* Mails without tag go where the thread is. Whether any did. */
static gboolean
follow_threads(PmBatch *batch, const GPtrArray *untagged)
{
	g_autoptr(PmTrail) trail = pm_trail_new();
	g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) arriving = pm_batch_index_entries(batch);
	PmSearch search = {batch, trail, places, arriving};
	gboolean any = FALSE;

	for (guint i = 0; i < untagged->len; i++) {
		PmEntry *entry = g_ptr_array_index(untagged, i);
		guint place = pm_trail_add(trail, entry->mail->msgid, NULL) + 1;

		g_hash_table_insert(places, entry->mail->msgid, GUINT_TO_POINTER(place));
	}
	for (guint i = 0; i < untagged->len; i++) {
		PmEntry *entry = g_ptr_array_index(untagged, i);

		for (char **ref = entry->mail->refs; *ref != NULL; ref++)
			pm_trail_refer(trail, i, place_of(&search, entry, *ref));
	}
	pm_trail_resolve(trail);
	for (guint i = 0; i < untagged->len; i++) {
		PmEntry *entry = g_ptr_array_index(untagged, i);
		const PmProject *project = pm_trail_end(trail, i);

		if (project == NULL || is_same(project, entry->project))
			continue;
		pm_entry_move(entry, batch->catalog, project);
		any = TRUE;
	}
	return any;
}

static gboolean
is_new_submission(const PmEntry *entry)
{
	return pm_batch_is_storable(entry) && pm_batch_is_submission(entry);
}

/* Whether a project has a mail, or gets it now, that replies may hang on. */
static gboolean
takes_replies(const PmBatch *batch, GHashTable *arriving, int project_id,
	      const char *msgid, gboolean is_home)
{
	const PmNode *node = pm_nodes_find(batch->nodes, project_id, msgid);

	if (node != NULL &&
	    (pm_node_is_submission(node) ||
	     (is_home ? node->now.kind == PM_NODE_REPLY : pm_batch_leads_on(node))))
		return TRUE;
	g_autofree char *key = pm_batch_key(project_id, msgid);
	return g_hash_table_contains(arriving, key);
}

/* The replies of this batch. */
static GPtrArray *
collect_replies(const PmBatch *batch)
{
	GPtrArray *found = g_ptr_array_new();

	for (guint i = 0; i < batch->n_entries; i++) {
		PmEntry *entry = batch->entries[i];

		if (pm_batch_is_storable(entry) && entry->item->kind == PM_KIND_COMMENT)
			g_ptr_array_add(found, entry);
	}
	return found;
}

/*
 * The trail of these replies, each through its references and other replies among them, to
 * what takes replies: in there, or where that is NULL each in its own project.
 */
static PmTrail *
trail_of(const PmBatch *batch, GHashTable *arriving, const GPtrArray *replies,
	 const PmProject *there)
{
	PmTrail *trail = pm_trail_new();
	g_autoptr(GHashTable) places =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < replies->len; i++) {
		const PmEntry *entry = g_ptr_array_index(replies, i);
		guint place = pm_trail_add(trail, entry->mail->msgid, NULL) + 1;

		g_hash_table_insert(places,
				    pm_batch_key(there ? there->id : entry->project->id,
						 entry->mail->msgid),
				    GUINT_TO_POINTER(place));
	}
	for (guint i = 0; i < replies->len; i++) {
		const PmEntry *entry = g_ptr_array_index(replies, i);
		const PmProject *project = there ? there : entry->project;

		/* What stands behind an end makes no difference. */
		for (char **ref = entry->mail->refs; *ref != NULL; ref++) {
			if (takes_replies(batch, arriving, project->id, *ref,
					  there == NULL)) {
				pm_trail_refer(trail, i,
					       pm_trail_add(trail, *ref, project));
				break;
			}
			g_autofree char *key = pm_batch_key(project->id, *ref);
			guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, key));
			pm_trail_refer(trail, i, place ? place - 1 : PM_THREAD_NONE);
		}
	}
	pm_trail_resolve(trail);
	return trail;
}

/* Leaves those whose parent is nowhere in their own project. */
static void
keep_strangers(const PmBatch *batch, GHashTable *arriving, GPtrArray *replies)
{
	g_autoptr(PmTrail) trail = trail_of(batch, arriving, replies, NULL);
	guint n = 0;

	for (guint i = 0; i < replies->len; i++)
		if (pm_trail_end(trail, i) == NULL)
			replies->pdata[n++] = replies->pdata[i];
	g_ptr_array_set_size(replies, (int)n);
}

/* A second entry for a reply whose parent only another project has. */
static void
add_copy(PmBatch *batch, const PmEntry *entry, const PmProject *project)
{
	if (g_hash_table_add(batch->locks, GINT_TO_POINTER(project->id)))
		return;
	PmEntry *copy = pm_entry_for_project(entry, project);

	pm_catalog_unref(copy->catalog);
	copy->catalog = pm_catalog_ref(batch->catalog);
	g_ptr_array_add(batch->copies, copy);
}

/* Copies those of found that lead into a project. How many. */
static guint
copy_into(PmBatch *batch, const PmProject *there, GHashTable *arriving,
	  GHashTable *copied, const GPtrArray *found)
{
	g_autoptr(PmTrail) trail = trail_of(batch, arriving, found, there);
	guint n = 0;

	for (guint i = 0; i < found->len; i++) {
		const PmEntry *entry = g_ptr_array_index(found, i);

		if (pm_trail_end(trail, i) == NULL || is_same(there, entry->project) ||
		    pm_batch_has_seen(batch, there->id, entry->mail->msgid) ||
		    !g_hash_table_add(copied,
				      pm_batch_key(there->id, entry->mail->msgid)))
			continue;
		add_copy(batch, entry, there);
		n++;
	}
	return n;
}

/* Projects that have or get any mail which the replies may lead to: of hundreds, a few. */
static GHashTable *
find_goals(const PmBatch *batch, const GArray *fetched)
{
	GHashTable *goals = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		const PmNode *node = pm_nodes_at(batch->nodes, i);

		if (pm_batch_leads_on(node))
			g_hash_table_add(goals, GINT_TO_POINTER(node->project_id));
	}
	for (guint i = 0; i < batch->n_entries; i++) {
		const PmEntry *entry = batch->entries[i];

		if (pm_batch_is_awaitable(entry))
			g_hash_table_add(goals, GINT_TO_POINTER(entry->project->id));
	}
	for (guint i = 0; fetched != NULL && i < fetched->len; i++)
		g_hash_table_add(
			goals,
			GINT_TO_POINTER(g_array_index(fetched, PmFetched, i).to_id));
	return goals;
}

guint
pm_batch_copy_replies(PmBatch *batch, const GArray *fetched)
{
	g_autoptr(GHashTable) arriving = index_copies(batch);
	g_autoptr(GPtrArray) found = collect_replies(batch);
	g_autoptr(GHashTable) copied = index_copies(batch);
	g_autoptr(GHashTable) goals = find_goals(batch, fetched);
	guint n, n_copied = 0;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);

	index_entries(batch, is_new_submission, arriving);
	keep_strangers(batch, arriving, found);
	/* A reply that is held may turn out to answer something elsewhere, and an ignored one
	 * leads on. */
	index_entries(batch, pm_batch_is_awaitable, arriving);
	for (guint i = 0; fetched != NULL && i < fetched->len; i++) {
		const PmFetched *one = &g_array_index(fetched, PmFetched, i);

		g_hash_table_add(arriving, pm_batch_key(one->to_id, one->node->msgid));
	}
	for (guint i = 0; i < n && found->len > 0; i++)
		if (g_hash_table_contains(goals, GINT_TO_POINTER(projects[i]->id)))
			n_copied +=
				copy_into(batch, projects[i], arriving, copied, found);
	return n_copied;
}

static PmFollowed
copy_replies(PmBatch *batch)
{
	guint before = g_hash_table_size(batch->locks);

	(void)pm_batch_copy_replies(batch, NULL);
	return g_hash_table_size(batch->locks) == before ? PM_FOLLOWED_DONE
							 : PM_FOLLOWED_UNLOCKED;
}

static gboolean
has_others(const PmBatch *batch)
{
	guint n;

	(void)pm_catalog_projects(batch->catalog, &n);
	return n > 1;
}

/* Whether mails without tag, of this batch or stored, went to another project. */
static gboolean
follow_tags(PmBatch *batch, gboolean *any_out, GError **error)
{
	g_autoptr(GPtrArray) untagged = g_ptr_array_new();

	for (guint i = 0; i < batch->n_entries; i++)
		if (pm_batch_is_untagged(batch, batch->entries[i]))
			g_ptr_array_add(untagged, batch->entries[i]);
	*any_out = untagged->len > 0 && follow_threads(batch, untagged);
	return *any_out || pm_batch_rehome(batch, any_out, error);
}

gboolean
pm_batch_follow(PmBatch *batch, PmFollowed *followed_out, GError **error)
{
	gboolean any = FALSE;

	*followed_out = PM_FOLLOWED_DONE;
	if (!follow_tags(batch, &any, error))
		return FALSE;
	if (!any && has_others(batch))
		*followed_out = copy_replies(batch);
	/* A mail without tag may answer such a reply. */
	if (*followed_out == PM_FOLLOWED_DONE && batch->copies->len > 0 &&
	    !follow_tags(batch, &any, error))
		return FALSE;
	if (any)
		*followed_out = PM_FOLLOWED_MOVED;
	return TRUE;
}
