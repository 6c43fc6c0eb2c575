/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/batch.h"

#include <string.h>

/*
 * One round trip fetches all that a batch has to know before it can think: rows of
 * every id that its mails have or refer to, the people who wrote them, the clusters that
 * runs and kinship lead to. The locks come first, so that what is read stays true.
 */

typedef struct {
	guint messages, people, users, kin, foreign_kin, runs, now, reserved;
	gboolean asks_for_ids;
	GPtrArray *ids;	      /* distinct Message-IDs */
	GPtrArray *emails;    /* distinct addresses, as first written */
	GPtrArray *delegates; /* distinct addresses of X-Patchwork-Delegate */
	GPtrArray *kin_of;    /* of PmEntry, by ordinal */
	GPtrArray *run_of;    /* of PmEntry, by ordinal */
	GArray *found;	      /* of PmFound */
} PmQuestions;

static void
clear_questions(PmQuestions *questions)
{
	g_ptr_array_unref(questions->ids);
	g_ptr_array_unref(questions->emails);
	g_ptr_array_unref(questions->delegates);
	g_ptr_array_unref(questions->kin_of);
	g_ptr_array_unref(questions->run_of);
	g_array_unref(questions->found);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmQuestions, clear_questions)

/* How often a batch looks anew, because mails turned out to be of other projects. */
enum { MAX_ROUNDS = 8 };

/* Mails that go into Patchwork's tables or at least into the threads. */
gboolean
pm_batch_is_storable(const PmEntry *entry)
{
	return entry->outcome == PM_OUTCOME_NONE && entry->item != NULL &&
	       entry->item->kind != PM_KIND_INVALID;
}

gboolean
pm_batch_is_submission(const PmEntry *entry)
{
	return entry->item->kind == PM_KIND_PATCH || entry->item->kind == PM_KIND_COVER;
}

static void
decide_without_database(PmEntry *entry)
{
	if (entry->mail == NULL ||
	    (entry->item && entry->item->kind == PM_KIND_INVALID)) {
		entry->outcome = PM_OUTCOME_QUARANTINED;
		if (entry->reason == NULL)
			entry->reason = g_strdup(entry->item->reason);
		return;
	}
	if (entry->project == NULL) {
		entry->outcome = PM_OUTCOME_IGNORED;
		if (entry->reason == NULL)
			entry->reason = g_strdup("no project has this list");
	}
}

static void
add_distinct(GHashTable *seen, GPtrArray *list, const char *text)
{
	if (g_hash_table_add(seen, (gpointer)text))
		g_ptr_array_add(list, (gpointer)text);
}

static void
add_distinct_email(GHashTable *seen, GPtrArray *list, const char *email)
{
	if (g_hash_table_add(seen, pm_fold_email(email)))
		g_ptr_array_add(list, (gpointer)email);
}

static void
collect(PmBatch *batch, PmQuestions *questions)
{
	g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) emails =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) delegates =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < batch->n_entries; i++) {
		PmEntry *entry = batch->entries[i];

		if (!pm_batch_is_storable(entry) && !pm_batch_is_untagged(batch, entry))
			continue;
		add_distinct(ids, questions->ids, entry->mail->msgid);
		for (char **ref = entry->mail->refs; *ref != NULL; ref++)
			add_distinct(ids, questions->ids, *ref);
		if (entry->item == NULL)
			continue;
		if (entry->item->author != NULL)
			add_distinct_email(emails, questions->emails,
					   entry->item->author->email);
		if (entry->mail->delegate != NULL)
			add_distinct_email(delegates, questions->delegates,
					   entry->mail->delegate);
		if (pm_batch_is_submission(entry) && entry->run != NULL)
			g_ptr_array_add(questions->run_of, entry);
		if (pm_batch_is_submission(entry) && entry->mail->subject->total > 1)
			g_ptr_array_add(questions->kin_of, entry);
	}
	for (guint i = 0; i < batch->rehomed->len; i++) {
		const PmRehomed *rehomed = g_ptr_array_index(batch->rehomed, i);

		add_distinct(ids, questions->ids, rehomed->msgid);
		for (char **ref = rehomed->refs; ref != NULL && *ref != NULL; ref++)
			add_distinct(ids, questions->ids, *ref);
	}
}

static guint
send_texts(PmBatch *batch, PmSql sql, const GPtrArray *texts)
{
	PmParams *params = pm_params_new();

	pm_params_array(params, PM_TYPE_TEXT);
	for (guint i = 0; i < texts->len; i++)
		pm_params_add_text(params, 0, g_ptr_array_index(texts, i));
	return pm_pg_send_rows(batch->pg, sql, params);
}

static guint
send_kin(PmBatch *batch, PmSql sql, const GPtrArray *entries)
{
	static const PmType types[] = {PM_TYPE_INT4, PM_TYPE_TEXT, PM_TYPE_INT4,
				       PM_TYPE_INT4, PM_TYPE_INT8};
	PmParams *params = pm_params_new();

	for (guint i = 0; i < G_N_ELEMENTS(types); i++)
		pm_params_array(params, types[i]);
	for (guint i = 0; i < entries->len; i++) {
		const PmEntry *entry = g_ptr_array_index(entries, i);

		pm_params_add_int(params, 0, entry->project->id);
		pm_params_add_text(params, 1, entry->item->author->email);
		pm_params_add_int(params, 2, entry->mail->subject->version);
		pm_params_add_int(params, 3, entry->mail->subject->total);
		pm_params_add_int(params, 4, entry->sent);
	}
	pm_params_int8(params, batch->window);
	return pm_pg_send_rows(batch->pg, sql, params);
}

static guint
send_runs(PmBatch *batch, const GPtrArray *entries)
{
	PmParams *params = pm_params_new();

	pm_params_array(params, PM_TYPE_INT4);
	pm_params_array(params, PM_TYPE_TEXT);
	for (guint i = 0; i < entries->len; i++) {
		const PmEntry *entry = g_ptr_array_index(entries, i);

		pm_params_add_int(params, 0, entry->project->id);
		pm_params_add_text(params, 1, entry->run);
	}
	return pm_pg_send_rows(batch->pg, PM_SQL_FIND_RUNS, params);
}

void
pm_batch_read_people(PmBatch *batch, const PmRows *rows, const GPtrArray *asked)
{
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		guint ordinal = (guint)pm_rows_int(rows, i, 0) - 1;
		g_autofree char *key = pm_fold_email(g_ptr_array_index(asked, ordinal));
		PmPersonRow *person = g_hash_table_lookup(batch->people, key);

		if (person == NULL) {
			person = g_new0(PmPersonRow, 1);
			g_hash_table_insert(batch->people, g_steal_pointer(&key), person);
		}
		person->id = (int)pm_rows_int(rows, i, 1);
		person->name =
			pm_nodes_string(batch->nodes, pm_rows_text_or_null(rows, i, 2));
		person->email = pm_nodes_string(batch->nodes, pm_rows_text(rows, i, 3));
	}
}

static void
read_users(PmBatch *batch, const PmRows *rows, const GPtrArray *asked)
{
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		guint ordinal = (guint)pm_rows_int(rows, i, 0) - 1;

		g_hash_table_insert(batch->users,
				    pm_fold_email(g_ptr_array_index(asked, ordinal)),
				    GINT_TO_POINTER((int)pm_rows_int(rows, i, 1)));
	}
}

static void
read_now(PmBatch *batch, const PmRows *rows)
{
	if (pm_rows_count(rows) > 0)
		batch->now = pm_rows_int(rows, 0, 0);
}

/* Equal for equal people: the id of who is known, the folded address of who is not. */
static void
name_submitter(PmBatch *batch, PmNode *node)
{
	g_autofree char *key = pm_fold_email(node->entry->item->author->email);
	const PmPersonRow *person = g_hash_table_lookup(batch->people, key);
	g_autofree char *id = g_strdup_printf("%d", person ? person->id : 0);

	node->submitter_id = person ? person->id : 0;
	node->submitter = pm_nodes_string(batch->nodes, person ? id : key);
}

static char
kind_of(const PmItem *item)
{
	switch (item->kind) {
	case PM_KIND_PATCH:
		return PM_NODE_PATCH;
	case PM_KIND_COVER:
		return PM_NODE_COVER;
	case PM_KIND_COMMENT:
		return PM_NODE_HELD;
	case PM_KIND_IGNORED:
	case PM_KIND_INVALID:
		break;
	}
	return PM_NODE_IGNORED;
}

static void
mark(GHashTable *set, gint64 label)
{
	g_hash_table_add(set, g_memdup2(&label, sizeof(label)));
}

void
pm_batch_mark_touched(PmBatch *batch, const PmNode *node)
{
	mark(batch->touched, node->cluster);
}

void
pm_batch_mark_revived(PmBatch *batch, const PmNode *node)
{
	mark(batch->revived, node->cluster);
	mark(batch->touched, node->cluster);
}

/* An ignored mail that answers something: whether that has come is not stored. */
static gboolean
is_undecided(const PmNode *node)
{
	return node->is_stored && node->now.kind == PM_NODE_IGNORED &&
	       node->now.anchor == NULL && node->refs != NULL;
}

void
pm_batch_join_references(PmBatch *batch, PmNode *node)
{
	for (char **ref = node->refs; ref != NULL && *ref != NULL; ref++) {
		PmNode *other = pm_nodes_find(batch->nodes, node->project_id, *ref);

		if (other == NULL) {
			other = pm_nodes_add(batch->nodes, node->project_id, *ref);
			other->thread = node->thread;
			other->cluster = node->cluster;
			other->is_dirty = TRUE;
			other->is_open = TRUE;
			other->anchor_state = PM_ANCHOR_KNOWN;
			continue;
		}
		pm_labels_join(batch->threads, node->thread, other->thread);
		pm_labels_join(batch->clusters, node->cluster, other->cluster);
		if (is_undecided(other))
			pm_batch_mark_revived(batch, other);
	}
}

/* A mail that is not here yet takes its place among the nodes. */
static void
admit(PmBatch *batch, PmEntry *entry)
{
	PmNode *node =
		pm_nodes_find(batch->nodes, entry->project->id, entry->mail->msgid);

	if (node != NULL && node->now.kind != PM_NODE_GHOST) {
		entry->outcome = PM_OUTCOME_KNOWN;
		return;
	}
	if (node == NULL) {
		node = pm_nodes_add(batch->nodes, entry->project->id, entry->mail->msgid);
		node->thread = pm_labels_fresh(batch->threads);
		node->cluster = pm_labels_fresh(batch->clusters);
	} else {
		pm_batch_mark_revived(batch, node);
	}
	pm_node_take_entry(node, entry);
	node->now.kind = kind_of(entry->item);
	pm_batch_join_references(batch, node);
	g_ptr_array_add(batch->fresh, node);
	if (!pm_node_is_submission(node))
		return;
	name_submitter(batch, node);
	pm_batch_mark_touched(batch, node);
}

static void
init_questions(PmQuestions *questions)
{
	questions->ids = g_ptr_array_new();
	questions->emails = g_ptr_array_new();
	questions->delegates = g_ptr_array_new();
	questions->kin_of = g_ptr_array_new();
	questions->run_of = g_ptr_array_new();
	questions->found = g_array_new(FALSE, FALSE, sizeof(PmFound));
}

/* Whether a mail has to be dated by us. */
static gboolean
is_dateless(const PmBatch *batch)
{
	for (guint i = 0; i < batch->n_entries; i++) {
		const PmEntry *entry = batch->entries[i];

		if (entry->mail != NULL && !entry->mail->has_date)
			return TRUE;
	}
	return FALSE;
}

static gboolean
ask(PmBatch *batch, PmQuestions *questions, gboolean begins, GError **error)
{
	if (begins) {
		(void)pm_pg_send(batch->pg, PM_SQL_BEGIN, NULL);
		pm_batch_send_locks(batch);
	}
	questions->now =
		pm_pg_send_where(batch->pg, PM_SQL_NOW, NULL, is_dateless(batch));
	questions->messages = send_texts(batch, PM_SQL_FIND_MESSAGES, questions->ids);
	questions->people = send_texts(batch, PM_SQL_FIND_PEOPLE, questions->emails);
	questions->users = send_texts(batch, PM_SQL_FIND_USERS, questions->delegates);
	questions->kin = send_kin(batch, PM_SQL_FIND_KIN, questions->kin_of);
	if (batch->looks_for_foreign)
		questions->foreign_kin =
			send_kin(batch, PM_SQL_FIND_FOREIGN_KIN, questions->kin_of);
	questions->runs = send_runs(batch, questions->run_of);
	pm_batch_foresee_clusters(batch);
	questions->asks_for_ids = pm_batch_foresee_ids(batch, &questions->reserved);
	return pm_pg_sync(batch->pg, error);
}

/* Rows of kin and runs outlive the round trip that adoption may need in between. */
static void
note_found(GArray *pairs, const PmRows *rows, const GPtrArray *entries,
	   gboolean has_sizes)
{
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		PmFound found = {
			.entry = g_ptr_array_index(entries,
						   (guint)pm_rows_int(rows, i, 0) - 1),
			.cluster = pm_rows_int(rows, i, 1),
			.is_large = has_sizes && pm_rows_bool(rows, i, 2),
		};

		g_array_append_val(pairs, found);
	}
}

static void
read_answers(PmBatch *batch, PmQuestions *questions)
{
	const PmRows *rows = pm_pg_rows(batch->pg, questions->messages);

	for (guint i = 0; i < pm_rows_count(rows); i++)
		(void)pm_nodes_from_row(batch->nodes, rows, i, FALSE);
	read_now(batch, pm_pg_rows(batch->pg, questions->now));
	pm_batch_read_people(batch, pm_pg_rows(batch->pg, questions->people),
			     questions->emails);
	read_users(batch, pm_pg_rows(batch->pg, questions->users), questions->delegates);
	note_found(questions->found, pm_pg_rows(batch->pg, questions->kin),
		   questions->kin_of, TRUE);
	note_found(questions->found, pm_pg_rows(batch->pg, questions->runs),
		   questions->run_of, FALSE);
	if (questions->asks_for_ids)
		pm_ids_add(batch->ids, pm_pg_rows(batch->pg, questions->reserved));
	if (batch->looks_for_foreign)
		pm_batch_note_foreign_kin(batch,
					  pm_pg_rows(batch->pg, questions->foreign_kin),
					  questions->kin_of);
}

/* What was read is out of date. */
static void
forget(PmBatch *batch)
{
	pm_nodes_free(batch->nodes);
	pm_labels_free(batch->threads);
	pm_labels_free(batch->clusters);
	batch->nodes = pm_nodes_new();
	batch->threads = pm_labels_new();
	batch->clusters = pm_labels_new();
	g_hash_table_remove_all(batch->touched);
	g_hash_table_remove_all(batch->revived);
	g_hash_table_remove_all(batch->series);
	g_hash_table_remove_all(batch->people);
	g_ptr_array_set_size(batch->all_series, 0);
	g_ptr_array_set_size(batch->copies, 0);
	g_array_set_size(batch->foreign_kin, 0);
}

static gboolean
look_around(PmBatch *batch, PmQuestions *questions, gboolean begins, GError **error)
{
	collect(batch, questions);
	if (!ask(batch, questions, begins, error))
		return FALSE;
	read_answers(batch, questions);
	return !batch->looks_for_foreign ||
	       pm_batch_adopt(batch, questions->found, error);
}

/* Looks until nothing that is found says that one should have looked elsewhere. */
static gboolean
look_until_settled(PmBatch *batch, PmQuestions *questions, GError **error)
{
	PmFollowed followed = PM_FOLLOWED_UNLOCKED;

	for (guint round = 0; followed != PM_FOLLOWED_DONE && round < MAX_ROUNDS;
	     round++) {
		if (round > 0) {
			clear_questions(questions);
			init_questions(questions);
			forget(batch);
		}
		if (round > 0 && followed == PM_FOLLOWED_UNLOCKED) {
			pm_pg_rollback(batch->pg);
			g_ptr_array_set_size(batch->rehomed, 0);
			g_array_set_size(batch->unlinked, 0);
		}
		if (!look_around(batch, questions, followed == PM_FOLLOWED_UNLOCKED,
				 error))
			return FALSE;
		followed = PM_FOLLOWED_DONE;
		if (round < MAX_ROUNDS - 1 && !pm_batch_follow(batch, &followed, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
pm_batch_gather(PmBatch *batch, GError **error)
{
	g_auto(PmQuestions) questions = {0};
	g_autoptr(GArray) held = g_array_new(FALSE, FALSE, sizeof(PmFetched));

	init_questions(&questions);
	for (guint i = 0; i < batch->n_entries; i++)
		decide_without_database(batch->entries[i]);
	if (!look_until_settled(batch, &questions, error) ||
	    !pm_batch_fetch_replies(batch, held, error))
		return FALSE;
	for (guint i = 0; i < batch->n_entries; i++)
		if (pm_batch_is_storable(batch->entries[i]))
			admit(batch, batch->entries[i]);
	for (guint i = 0; i < batch->copies->len; i++)
		admit(batch, g_ptr_array_index(batch->copies, i));
	pm_batch_join_rehomed(batch);
	pm_batch_admit_replies(batch, held);
	pm_batch_join_kin(batch, questions.found);
	return TRUE;
}
