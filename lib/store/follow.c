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

/* The project of that list that has seen the mail; its own one first. (nullable) */
static const PmProject *
home_of(const PmBatch *batch, const PmEntry *entry, const char *msgid)
{
	guint n;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);

	if (entry->project != NULL && pm_batch_has_seen(batch, entry->project->id, msgid))
		return entry->project;
	for (guint i = 0; i < n; i++)
		if (pm_batch_is_of_list(projects[i], entry) &&
		    pm_batch_has_seen(batch, projects[i]->id, msgid))
			return projects[i];
	return NULL;
}

/* Message-ID -> the entry of this batch that has it and a tag, or is no tag's business. */
static GHashTable *
index_entries(const PmBatch *batch)
{
	GHashTable *by_msgid = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < batch->n_entries; i++) {
		PmEntry *entry = batch->entries[i];

		if (pm_batch_is_storable(entry) && (entry->item->kind != PM_KIND_IGNORED))
			g_hash_table_insert(by_msgid, entry->mail->msgid, entry);
	}
	return by_msgid;
}

/* Ends of references of mails without tag. */
typedef struct {
	PmBatch *batch;
	PmTrail *trail;
	GHashTable *places;   /* Message-ID -> place of an untagged mail, from 1 */
	GHashTable *arriving; /* Message-ID -> PmEntry */
} PmSearch;

static guint
place_of(PmSearch *search, const PmEntry *entry, const char *ref)
{
	const PmProject *home = home_of(search->batch, entry, ref);
	guint place = GPOINTER_TO_UINT(g_hash_table_lookup(search->places, ref));
	const PmEntry *other = g_hash_table_lookup(search->arriving, ref);

	if (home != NULL)
		return pm_trail_add(search->trail, ref, home);
	if (place > 0)
		return place - 1;
	if (other != NULL && pm_batch_is_of_list(other->project, entry))
		return pm_trail_add(search->trail, ref, other->project);
	return PM_THREAD_NONE;
}

/* Mails without tag go where the thread is. Whether any did. */
static gboolean
follow_threads(PmBatch *batch, const GPtrArray *untagged)
{
	g_autoptr(PmTrail) trail = pm_trail_new();
	g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) arriving = index_entries(batch);
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
is_place_of_replies(const PmNode *node)
{
	return pm_node_is_submission(node) || node->now.kind == PM_NODE_REPLY;
}

/* Whether what it answers is where it was sent to. */
static gboolean
is_at_home(const PmBatch *batch, GHashTable *arriving, const PmEntry *entry)
{
	for (char **ref = entry->mail->refs; *ref != NULL; ref++) {
		const PmNode *node =
			pm_nodes_find(batch->nodes, entry->project->id, *ref);
		const PmEntry *other = g_hash_table_lookup(arriving, *ref);

		if ((node != NULL && is_place_of_replies(node)) ||
		    (other != NULL && is_same(other->project, entry->project) &&
		     other->item->kind != PM_KIND_COMMENT))
			return TRUE;
	}
	return FALSE;
}

/* Another project in which a mail is or comes that replies may hang on. (nullable) */
static const PmProject *
abroad(const PmBatch *batch, GHashTable *arriving, const PmEntry *entry, const char *ref)
{
	guint n;
	const PmProject *const *projects = pm_catalog_projects(batch->catalog, &n);
	const PmEntry *other = g_hash_table_lookup(arriving, ref);

	for (guint i = 0; i < n; i++) {
		const PmNode *node = pm_nodes_find(batch->nodes, projects[i]->id, ref);

		if (!is_same(projects[i], entry->project) && node != NULL &&
		    is_place_of_replies(node))
			return projects[i];
	}
	return other != NULL && !is_same(other->project, entry->project) &&
			       other->item->kind != PM_KIND_COMMENT
		       ? other->project
		       : NULL;
}

/* Replies of this batch that nothing in their own project is the parent of. */
static GPtrArray *
strangers(const PmBatch *batch, GHashTable *arriving)
{
	GPtrArray *found = g_ptr_array_new();

	for (guint i = 0; i < batch->n_entries; i++) {
		PmEntry *entry = batch->entries[i];

		if (pm_batch_is_storable(entry) && entry->item->kind == PM_KIND_COMMENT &&
		    !is_at_home(batch, arriving, entry))
			g_ptr_array_add(found, entry);
	}
	return found;
}

/* A second entry for a reply whose parent only another project has. */
static gboolean
add_copy(PmBatch *batch, const PmEntry *entry, const PmProject *project)
{
	if (g_hash_table_add(batch->locks, GINT_TO_POINTER(project->id)))
		return FALSE;
	PmEntry *copy = pm_entry_for_project(entry, project);

	pm_catalog_unref(copy->catalog);
	copy->catalog = pm_catalog_ref(batch->catalog);
	g_ptr_array_add(batch->copies, copy);
	return TRUE;
}

/* FALSE: a project has to be locked first. */
static gboolean
copy_replies(PmBatch *batch)
{
	g_autoptr(GHashTable) arriving = index_entries(batch);
	g_autoptr(GPtrArray) found = strangers(batch, arriving);
	g_autoptr(PmTrail) trail = pm_trail_new();
	g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
	gboolean are_locked = TRUE;

	for (guint i = 0; i < found->len; i++) {
		const PmEntry *entry = g_ptr_array_index(found, i);
		guint place = pm_trail_add(trail, entry->mail->msgid, NULL) + 1;

		g_hash_table_insert(places, entry->mail->msgid, GUINT_TO_POINTER(place));
	}
	for (guint i = 0; i < found->len; i++) {
		const PmEntry *entry = g_ptr_array_index(found, i);

		for (char **ref = entry->mail->refs; *ref != NULL; ref++) {
			const PmProject *there = abroad(batch, arriving, entry, *ref);
			guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, *ref));

			pm_trail_refer(trail, i,
				       there   ? pm_trail_add(trail, *ref, there)
				       : place ? place - 1
					       : PM_THREAD_NONE);
		}
	}
	pm_trail_resolve(trail);
	for (guint i = 0; i < found->len; i++) {
		const PmEntry *entry = g_ptr_array_index(found, i);
		const PmProject *there = pm_trail_end(trail, i);

		if (there != NULL && !is_same(there, entry->project) &&
		    !pm_batch_has_seen(batch, there->id, entry->mail->msgid))
			are_locked = add_copy(batch, entry, there) && are_locked;
	}
	return are_locked;
}

gboolean
pm_batch_follow(PmBatch *batch, PmFollowed *followed_out, GError **error)
{
	g_autoptr(GPtrArray) untagged = g_ptr_array_new();

	for (guint i = 0; i < batch->n_entries; i++)
		if (pm_batch_is_untagged(batch, batch->entries[i]))
			g_ptr_array_add(untagged, batch->entries[i]);
	if (untagged->len > 0 && follow_threads(batch, untagged)) {
		*followed_out = PM_FOLLOWED_MOVED;
		return TRUE;
	}
	gboolean any = FALSE;
	if (!pm_batch_rehome(batch, &any, error))
		return FALSE;
	if (any)
		*followed_out = PM_FOLLOWED_MOVED;
	else
		*followed_out =
			copy_replies(batch) ? PM_FOLLOWED_DONE : PM_FOLLOWED_UNLOCKED;
	return TRUE;
}
