/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/decide.h"

#include <string.h>

#include "lib/error.h"
#include "lib/store/arrange.h"

/* What a word names. */
typedef struct {
	int series_id, project_id;
	const char *msgid; /* NULL where an id named a series */
} PmNamed;

typedef struct {
	const PmDecision *decision;
	PmBatch *batch;
	GPtrArray *words;
	PmNamed *named;	      /* one a word */
	GPtrArray *arguments; /* of char *, as recorded */
	GPtrArray *concerned; /* of PmSeriesRow */
	PmSeriesRow *heir;    /* takes what led to a series that ends */
} PmDeciding;

static void
clear_deciding(PmDeciding *deciding)
{
	pm_batch_free(deciding->batch);
	g_clear_pointer(&deciding->words, g_ptr_array_unref);
	g_clear_pointer(&deciding->arguments, g_ptr_array_unref);
	g_clear_pointer(&deciding->concerned, g_ptr_array_unref);
	g_free(deciding->named);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmDeciding, clear_deciding)

/* Message-IDs may be given without brackets. */
static void
add_word(PmDeciding *deciding, const char *word)
{
	gboolean is_bare = strchr(word, '@') != NULL && word[0] != '<';

	g_ptr_array_add(deciding->words,
			is_bare ? g_strdup_printf("<%s>", word) : g_strdup(word));
}

static PmParams *
words_params(const PmDeciding *deciding)
{
	static const PmType types[] = {PM_TYPE_TEXT, PM_TYPE_BOOL};
	PmParams *params = pm_columns_new(types, 2);

	for (guint i = 0; i < deciding->words->len; i++) {
		pm_params_add_text(params, 0, deciding->words->pdata[i]);
		pm_params_add_bool(params, 1,
				   i == 0 &&
					   deciding->decision->verb == PM_DECISION_MOVE);
	}
	pm_params_text(params, deciding->decision->project);
	return params;
}

/* Each word names one series, or it is refused. */
static gboolean
read_names(PmDeciding *deciding, const PmRows *rows, GError **error)
{
	deciding->named = g_new0(PmNamed, deciding->words->len);
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		guint ord = (guint)pm_rows_int(rows, i, 0) - 1;
		PmNamed *named = &deciding->named[ord];

		if (named->series_id != 0)
			return pm_arrange_refuse(
				error,
				"%s is in several projects; say which one with --project",
				(char *)deciding->words->pdata[ord]);
		named->series_id = (int)pm_rows_int(rows, i, 1);
		named->project_id = (int)pm_rows_int(rows, i, 2);
		named->msgid = pm_nodes_string(deciding->batch->nodes,
					       pm_rows_text_or_null(rows, i, 4));
	}
	for (guint i = 0; i < deciding->words->len; i++)
		if (deciding->named[i].series_id == 0)
			return pm_arrange_refuse(
				error, "there is no series of %s%s%s",
				(char *)deciding->words->pdata[i],
				deciding->decision->project ? " in project " : "",
				deciding->decision->project ? deciding->decision->project
							    : "");
	for (guint i = 1; i < deciding->words->len; i++)
		if (deciding->named[i].project_id != deciding->named[0].project_id)
			return pm_arrange_refuse(error,
						 "%s and %s are of different projects",
						 (char *)deciding->words->pdata[0],
						 (char *)deciding->words->pdata[i]);
	return TRUE;
}

/* Asked again under the lock: what was true before may not be so any more. */
static gboolean
resolve(PmDeciding *deciding, GError **error)
{
	guint found = pm_pg_send(deciding->batch->pg, PM_SQL_FIND_NAMED,
				 words_params(deciding));

	g_clear_pointer(&deciding->named, g_free);
	return pm_pg_sync(deciding->batch->pg, error) &&
	       read_names(deciding, pm_pg_rows(deciding->batch->pg, found), error);
}

static PmSeriesRow *
concern(PmDeciding *deciding, PmSeriesRow *series)
{
	if (!g_ptr_array_find(deciding->concerned, series, NULL))
		g_ptr_array_add(deciding->concerned, series);
	return series;
}

static PmSeriesRow *
series_of(PmDeciding *deciding, guint word)
{
	return concern(deciding, pm_arrange_series(deciding->batch,
						   deciding->named[word].series_id));
}

static PmNode *
mail_of(PmDeciding *deciding, guint word)
{
	return pm_nodes_find(deciding->batch->nodes, deciding->named[word].project_id,
			     deciding->named[word].msgid);
}

static void
record(PmDeciding *deciding, const char *argument)
{
	g_ptr_array_add(deciding->arguments, g_strdup(argument));
}

static void
record_lead(PmDeciding *deciding, const PmSeriesRow *series)
{
	record(deciding, pm_arrange_lead(deciding->batch, series)->msgid);
}

static gboolean
refuse_taken(const PmSeriesRow *series, const PmNode *node, const PmNode *other,
	     GError **error)
{
	if (node->now.kind == PM_NODE_COVER)
		return pm_arrange_refuse(error, "series %d has a cover already, %s",
					 series->id, other->msgid);
	return pm_arrange_refuse(error, "series %d has a patch %d already, %s",
				 series->id, other->now.slot, other->msgid);
}

/* The cover or the patch of that number, unless there is one. */
static gboolean
put(PmDeciding *deciding, PmNode *node, PmSeriesRow *series, int number, GError **error)
{
	int at = node->now.kind == PM_NODE_COVER ? 0 : number;
	const PmNode *other = pm_arrange_at(deciding->batch, series, at);

	if (other != NULL && other != node)
		return refuse_taken(series, node, other, error);
	pm_arrange_place(node, series, number);
	return TRUE;
}

static gboolean
merge(PmDeciding *deciding, GError **error)
{
	PmBatch *batch = deciding->batch;
	PmSeriesRow *to = series_of(deciding, 0), *from = series_of(deciding, 1);

	if (to == from)
		return pm_arrange_refuse(error, "series %d cannot be merged with itself",
					 to->id);
	record_lead(deciding, to);
	record_lead(deciding, from);
	deciding->heir = to;
	to->total = MAX(to->was_total, from->was_total);
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		PmNode *node = pm_nodes_at(batch->nodes, i);

		if (pm_node_is_submission(node) && node->series == from &&
		    !put(deciding, node, to, node->now.slot, error))
			return FALSE;
	}
	g_ptr_array_remove(deciding->concerned, from);
	return TRUE;
}

/* The number that the mail itself has; else the next one. */
static void
place_in_new(PmDeciding *deciding, PmNode *node, PmSeriesRow *series)
{
	int number = node->has_number && node->number > 0 ? node->number : 1;

	while (node->now.kind == PM_NODE_PATCH &&
	       pm_arrange_at(deciding->batch, series, number) != NULL)
		number++;
	pm_arrange_place(node, series, number);
	series->total = MAX(series->total, node->has_number ? node->total : number);
	series->version = MAX(series->version, node->version);
}

static gboolean
split(PmDeciding *deciding, GError **error)
{
	PmBatch *batch = deciding->batch;
	PmSeriesRow *from = series_of(deciding, 0);
	PmSeriesRow *to = concern(
		deciding, pm_batch_add_new_series(batch, deciding->named[0].project_id));

	for (guint i = 1; i < deciding->words->len; i++) {
		PmNode *node = mail_of(deciding, i);

		if (node->series != from)
			return pm_arrange_refuse(error, "%s is not in series %d",
						 node->msgid, from->id);
		if (node->now.kind == PM_NODE_COVER &&
		    pm_arrange_at(batch, to, 0) != NULL)
			return pm_arrange_refuse(error, "%s is named twice", node->msgid);
		place_in_new(deciding, node, to);
	}
	if (pm_arrange_lead(batch, from) == NULL)
		return pm_arrange_refuse(error, "nothing would be left of series %d",
					 from->id);
	record_lead(deciding, from);
	record(deciding, "--from");
	for (guint i = 1; i < deciding->words->len; i++)
		record(deciding, mail_of(deciding, i)->msgid);
	return TRUE;
}

static gboolean
move(PmDeciding *deciding, GError **error)
{
	PmSeriesRow *from = series_of(deciding, 0), *to = series_of(deciding, 1);
	PmNode *node = mail_of(deciding, 0);
	int number = deciding->decision->number;

	if (number == 0)
		number = node->has_number && node->number > 0 ? node->number
							      : node->was.slot;
	if (from == to && (deciding->decision->number == 0 || node->was.slot == number))
		return pm_arrange_refuse(error, "%s is there already", node->msgid);
	record(deciding, node->msgid);
	PmNode *lead = pm_arrange_lead(deciding->batch, to);
	/* Within one series it may be the only one; then it leads to itself. */
	record(deciding, lead->msgid);
	if (node->now.kind == PM_NODE_PATCH) {
		g_autofree char *text = g_strdup_printf("%d", number);

		record(deciding, "--number");
		record(deciding, text);
	}
	deciding->heir = to;
	if (!put(deciding, node, to, number, error))
		return FALSE;
	if (pm_arrange_lead(deciding->batch, from) == NULL)
		g_ptr_array_remove(deciding->concerned, from);
	return TRUE;
}

static const struct {
	const char *name;
	gboolean (*run)(PmDeciding *deciding, GError **error);
} verbs[] = {
	[PM_DECISION_MERGE] = {"merge", merge},
	[PM_DECISION_SPLIT] = {"split", split},
	[PM_DECISION_MOVE] = {"move", move},
};

static gboolean
is_moved(const PmNode *node)
{
	return pm_node_is_submission(node) && node->series != NULL &&
	       (node->series->id != node->was.series_id ||
		node->now.slot != node->was.slot);
}

static void
send_decision(PmBatch *batch, gpointer user_data)
{
	static const PmType types[] = {PM_TYPE_TEXT, PM_TYPE_TEXT, PM_TYPE_INT4,
				       PM_TYPE_INT4, PM_TYPE_INT4};
	static const PmType heir_types[] = {PM_TYPE_INT4, PM_TYPE_INT4};
	PmDeciding *deciding = user_data;
	PmParams *params = pm_params_new();
	PmParams *heirs = pm_columns_new(heir_types, 2);

	pm_params_int4(params, deciding->named[0].project_id);
	pm_params_text(params, verbs[deciding->decision->verb].name);
	for (guint i = 0; i < G_N_ELEMENTS(types); i++)
		(void)pm_params_array(params, types[i]);
	for (guint i = 0; i < deciding->arguments->len; i++)
		pm_params_add_text(params, 2, deciding->arguments->pdata[i]);
	for (guint i = 0; i < pm_nodes_count(batch->nodes); i++) {
		const PmNode *node = pm_nodes_at(batch->nodes, i);

		if (!is_moved(node))
			continue;
		pm_params_add_text(params, 3, node->msgid);
		pm_params_add_int(params, 4, node->was.series_id);
		pm_params_add_int(params, 5, node->was.slot);
	}
	for (guint i = 0; i < deciding->concerned->len; i++)
		pm_params_add_int(params, 6,
				  ((PmSeriesRow *)deciding->concerned->pdata[i])->id);
	for (guint i = 0; i < batch->all_series->len; i++) {
		const PmSeriesRow *series = batch->all_series->pdata[i];

		if (!series->is_given_up || series->heir == NULL)
			continue;
		pm_params_add_int(heirs, 0, series->id);
		pm_params_add_int(heirs, 1, series->heir->id);
	}
	pm_batch_send_if_any(batch, PM_SQL_FORWARD_DECISIONS, heirs);
	batch->extra_result = pm_pg_send(batch->pg, PM_SQL_INSERT_DECISION, params);
}

/* Whether all that is named was loaded: a mail may have come before the lock did. */
static gboolean
check_loaded(PmDeciding *deciding, GError **error)
{
	gboolean is_split = deciding->decision->verb == PM_DECISION_SPLIT;

	for (guint i = 0; i < deciding->words->len; i++) {
		const PmNamed *named = &deciding->named[i];

		if (is_split && i > 0 && named->msgid == NULL)
			return pm_arrange_refuse(error, "%s is no Message-ID",
						 (char *)deciding->words->pdata[i]);
		if (pm_arrange_series(deciding->batch, named->series_id) != NULL &&
		    (named->msgid == NULL || mail_of(deciding, i) != NULL))
			continue;
		g_set_error(error, PM_ERROR, PM_ERROR_TEMPORARY_DATABASE,
			    "could not decide about series %d: mail came meanwhile",
			    named->series_id);
		return FALSE;
	}
	return TRUE;
}

/* The series that the words name, once each. (transfer full) */
static GArray *
named_series(const PmDeciding *deciding)
{
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(int));

	for (guint i = 0; i < deciding->words->len; i++)
		g_array_append_val(ids, deciding->named[i].series_id);
	return ids;
}

static gboolean
carry_out(PmDeciding *deciding, int *id_out, GError **error)
{
	PmBatch *batch = deciding->batch;

	if (!resolve(deciding, error))
		return FALSE;
	g_autoptr(GArray) ids = named_series(deciding);
	if (!pm_arrange_load(batch, deciding->named[0].project_id, ids, error) ||
	    !resolve(deciding, error) || !check_loaded(deciding, error) ||
	    !verbs[deciding->decision->verb].run(deciding, error))
		return FALSE;
	pm_arrange_finish(batch, deciding->heir);
	pm_batch_plan_events(batch);
	if (deciding->decision->dry_run) {
		pm_pg_rollback(batch->pg);
		return TRUE;
	}
	batch->send_extra = send_decision;
	batch->extra = deciding;
	if (!pm_batch_write(batch, error))
		return FALSE;
	*id_out = (int)pm_rows_int(pm_pg_rows(batch->pg, batch->extra_result), 0, 0);
	return TRUE;
}

gboolean
pm_decide(PmStore *store, const PmDecision *decision, PmStoreMoved moved,
	  gpointer user_data, int *id_out, GError **error)
{
	g_autoptr(PmCatalog) catalog = pm_store_catalog(store, 0, error);
	g_auto(PmDeciding) deciding = {.decision = decision};
	int id = 0;

	if (catalog == NULL)
		return FALSE;
	g_autoptr(PmIds) ids = pm_ids_new();
	deciding.batch = pm_batch_new(pm_store_pg(store), ids, catalog, NULL, 0);
	deciding.words = g_ptr_array_new_with_free_func(g_free);
	deciding.arguments = g_ptr_array_new_with_free_func(g_free);
	deciding.concerned = g_ptr_array_new();
	add_word(&deciding, decision->subject);
	if (decision->object != NULL)
		add_word(&deciding, decision->object);
	for (guint i = 0; decision->mails != NULL && decision->mails[i] != NULL; i++)
		add_word(&deciding, decision->mails[i]);
	if (!carry_out(&deciding, &id, error)) {
		pm_pg_rollback(pm_store_pg(store));
		return FALSE;
	}
	if (moved != NULL)
		pm_batch_report_moves(deciding.batch, moved, user_data);
	*id_out = id;
	return TRUE;
}
