/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/cmd-thread.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/terminal.h"

/*
 * A thread as a tree. Each mail hangs on the nearest one it refers to, be it seen or not; what
 * lies between two mails that were seen, and is only referred to, stands where the references
 * put it. Depth and number of mails are bounded, since strangers decide about both.
 */

enum {
	MAILS_MAX = 5000,
	/* Deeper mails are drawn at this depth. */
	DEPTH_MAX = 24,
};

/* The columns of thread_mails and of thread_series. */
enum { PROJECT, MSGID, KIND, REFS, NAME, NUMBER, SERIES, AUTHOR, DATE, STATE, ROW };
enum { S_ID, S_VERSION, S_TOTAL, S_RECEIVED, S_MISSING, S_REPLACED, S_REPLACED_VERSION };

typedef struct PmLeaf PmLeaf;
struct PmLeaf {
	guint row;
	PmLeaf *parent;
	GPtrArray *children; /* of PmLeaf, in the order of their rows */
	guint depth;
	gboolean is_last; /* of its parent's children */
};

typedef struct {
	const PmContext *context;
	const PmRows *mails, *series;
	GPtrArray *leaves; /* of PmLeaf, owned; by row */
	GHashTable *by_id; /* "project\nmsgid" -> PmLeaf */
	GHashTable *told;  /* set of series ids: headed already */
} PmThread;

static void
free_leaf(gpointer data)
{
	PmLeaf *leaf = data;

	g_ptr_array_unref(leaf->children);
	g_free(leaf);
}

static const char *
text_of(const PmThread *thread, const PmLeaf *leaf, guint column)
{
	return pm_rows_text(thread->mails, leaf->row, column);
}

static char
kind_of(const PmThread *thread, const PmLeaf *leaf)
{
	return text_of(thread, leaf, KIND)[0];
}

static char *
key_of(const char *project, const char *msgid)
{
	return g_strconcat(project, "\n", msgid, NULL);
}

static PmLeaf *
find_leaf(const PmThread *thread, const char *project, const char *msgid)
{
	g_autofree char *key = key_of(project, msgid);

	return g_hash_table_lookup(thread->by_id, key);
}

/* Whether above is on the way from leaf to its root. */
static gboolean
is_below(const PmLeaf *leaf, const PmLeaf *above)
{
	for (; leaf != NULL; leaf = leaf->parent)
		if (leaf == above)
			return TRUE;
	return FALSE;
}

/* A mail hangs on its nearest reference; one that was not seen on the reference behind it. */
static void
hang(const PmThread *thread, PmLeaf *leaf)
{
	g_auto(GStrv) refs = g_strsplit(text_of(thread, leaf, REFS), "\n", 64);
	const char *project = text_of(thread, leaf, PROJECT);
	PmLeaf *below = leaf;

	for (char **ref = refs; *ref != NULL; ref++) {
		PmLeaf *above = find_leaf(thread, project, *ref);

		if (above == NULL || above == below)
			continue;
		if (below->parent == NULL && !is_below(above, below))
			below->parent = above;
		if (kind_of(thread, above) != 'g' || above->parent != NULL)
			return;
		below = above;
	}
}

static void
build_tree(PmThread *thread)
{
	for (guint i = 0; i < pm_rows_count(thread->mails); i++) {
		PmLeaf *leaf = g_new0(PmLeaf, 1);

		leaf->row = i;
		leaf->children = g_ptr_array_new();
		g_ptr_array_add(thread->leaves, leaf);
		g_hash_table_insert(thread->by_id,
				    key_of(text_of(thread, leaf, PROJECT),
					   text_of(thread, leaf, MSGID)),
				    leaf);
	}
	for (guint i = 0; i < thread->leaves->len; i++)
		hang(thread, g_ptr_array_index(thread->leaves, i));
	for (guint i = 0; i < thread->leaves->len; i++) {
		PmLeaf *leaf = g_ptr_array_index(thread->leaves, i);

		if (leaf->parent != NULL)
			g_ptr_array_add(leaf->parent->children, leaf);
	}
}

/* The lines to the left of a mail. */
static void
print_branches(const PmLeaf *leaf)
{
	const PmLeaf *path[DEPTH_MAX];
	guint n = 0;

	for (const PmLeaf *up = leaf; up->parent != NULL && n < DEPTH_MAX;
	     up = up->parent)
		path[n++] = up;
	fputs(pm_terminal_colour(PM_COLOUR_FAINT), stdout);
	for (guint i = n; i > 1; i--)
		fputs(path[i - 1]->is_last ? "   " : "|  ", stdout);
	if (n > 0)
		fputs(path[0]->is_last ? "`- " : "|- ", stdout);
	fputs(pm_terminal_colour(PM_COLOUR_NONE), stdout);
}

static void
print_coloured(PmColour colour, const char *text)
{
	printf("%s%s%s", pm_terminal_colour(colour), text,
	       pm_terminal_colour(PM_COLOUR_NONE));
}

static int
find_series(const PmThread *thread, gint64 id)
{
	for (guint i = 0; id != 0 && i < pm_rows_count(thread->series); i++)
		if (pm_rows_int(thread->series, i, S_ID) == id)
			return (int)i;
	return -1;
}

/* At the first mail of a series: which it is, and what of it has not come. */
static void
print_series(const PmThread *thread, const PmLeaf *leaf)
{
	gint64 id = pm_rows_int(thread->mails, leaf->row, SERIES);
	int row = find_series(thread, id);
	const PmRows *series = thread->series;

	if (row < 0 || !g_hash_table_add(thread->told, GINT_TO_POINTER((int)id)))
		return;
	g_autofree char *heading = g_strdup_printf(
		"  series %s v%s %s/%s", pm_rows_text(series, (guint)row, S_ID),
		pm_rows_text(series, (guint)row, S_VERSION),
		pm_rows_text(series, (guint)row, S_RECEIVED),
		pm_rows_text(series, (guint)row, S_TOTAL));
	print_coloured(PM_COLOUR_HEADING, heading);
	if (!pm_rows_is_null(series, (guint)row, S_MISSING)) {
		g_autofree char *missing = g_strdup_printf(
			" missing %s", pm_rows_text(series, (guint)row, S_MISSING));

		print_coloured(PM_COLOUR_BAD, missing);
	}
	if (!pm_rows_is_null(series, (guint)row, S_REPLACED))
		printf(" replaces %s (v%s)", pm_rows_text(series, (guint)row, S_REPLACED),
		       pm_rows_text(series, (guint)row, S_REPLACED_VERSION));
}

static void
print_by(const PmThread *thread, const PmLeaf *leaf)
{
	g_autofree char *author = pm_terminal_clean(text_of(thread, leaf, AUTHOR));
	g_autofree char *by =
		g_strdup_printf("  %s, %s", author, text_of(thread, leaf, DATE));

	print_coloured(PM_COLOUR_FAINT, by);
}

static void
print_mail(const PmThread *thread, const PmLeaf *leaf)
{
	g_autofree char *name = pm_terminal_clean(text_of(thread, leaf, NAME));
	g_autofree char *msgid = pm_terminal_clean(text_of(thread, leaf, MSGID));
	const char *state = text_of(thread, leaf, STATE);

	print_branches(leaf);
	switch (kind_of(thread, leaf)) {
	case 'p':
	case 'c':
		printf("%s", name);
		print_by(thread, leaf);
		if (*state != '\0')
			printf("  %s%s%s", pm_terminal_colour(PM_COLOUR_GOOD), state,
			       pm_terminal_colour(PM_COLOUR_NONE));
		print_series(thread, leaf);
		break;
	case 'r':
		fputs("reply", stdout);
		print_by(thread, leaf);
		break;
	case 'h':
		print_coloured(PM_COLOUR_BAD, "held: what it answers has not come");
		print_by(thread, leaf);
		break;
	case 'g':
		print_coloured(PM_COLOUR_BAD, "not seen");
		printf("  %s", msgid);
		break;
	default:
		printf("not kept  %s", msgid);
	}
	if (thread->context->verbose && strchr("pcrh", kind_of(thread, leaf)) != NULL)
		printf("  %s", msgid);
	putchar('\n');
}

static const char *
kind_name(char kind)
{
	switch (kind) {
	case 'p':
		return "patch";
	case 'c':
		return "cover";
	case 'r':
		return "comment";
	case 'h':
		return "held";
	case 'g':
		return "missing";
	case 'd':
		return "discussion";
	default:
		return "ignored";
	}
}

static void
print_mail_json(const PmThread *thread, const PmLeaf *leaf)
{
	static const struct {
		const char *key;
		guint column;
	} fields[] = {{"project", PROJECT}, {"msgid", MSGID}, {"name", NAME},
		      {"author", AUTHOR},   {"date", DATE},   {"state", STATE}};
	static const struct {
		const char *key;
		guint column;
	} numbers[] = {{"id", ROW}, {"series", SERIES}, {"number", NUMBER}};
	g_autoptr(JsonBuilder) builder = json_builder_new();

	json_builder_begin_object(builder);
	pm_json_text(builder, "kind", kind_name(kind_of(thread, leaf)));
	pm_json_number(builder, "depth", leaf->depth);
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
		pm_json_text(
			builder, fields[i].key,
			pm_rows_text_or_null(thread->mails, leaf->row, fields[i].column));
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
		if (!pm_rows_is_null(thread->mails, leaf->row, numbers[i].column))
			pm_json_number(
				builder, numbers[i].key,
				pm_rows_int(thread->mails, leaf->row, numbers[i].column));
	pm_json_text(builder, "parent",
		     leaf->parent ? text_of(thread, leaf->parent, MSGID) : NULL);
	json_builder_end_object(builder);
	pm_print_json(builder);
}

/* Without recursion: a chain of replies may be as long as its senders like. */
static void
print_tree(const PmThread *thread, PmLeaf *root)
{
	g_autoptr(GPtrArray) waiting = g_ptr_array_new();

	root->is_last = TRUE;
	g_ptr_array_add(waiting, root);
	while (waiting->len > 0) {
		PmLeaf *leaf = g_ptr_array_steal_index(waiting, waiting->len - 1);

		leaf->depth = leaf->parent ? leaf->parent->depth + 1 : 0;
		if (thread->context->json)
			print_mail_json(thread, leaf);
		else
			print_mail(thread, leaf);
		for (guint i = leaf->children->len; i > 0; i--) {
			PmLeaf *child = g_ptr_array_index(leaf->children, i - 1);

			child->is_last = i == leaf->children->len;
			g_ptr_array_add(waiting, child);
		}
	}
}

/* The series of all mails as an array for SQL. (transfer full) */
static char *
series_array(const PmRows *mails)
{
	GString *ids = g_string_new("{");

	for (guint i = 0; i < pm_rows_count(mails); i++)
		if (!pm_rows_is_null(mails, i, SERIES))
			g_string_append_printf(ids, "%s%s", ids->len > 1 ? "," : "",
					       pm_rows_text(mails, i, SERIES));
	g_string_append_c(ids, '}');
	return g_string_free(ids, FALSE);
}

static void
print_thread(PmThread *thread)
{
	gboolean is_first = TRUE;

	build_tree(thread);
	for (guint i = 0; i < thread->leaves->len; i++) {
		PmLeaf *leaf = g_ptr_array_index(thread->leaves, i);

		if (leaf->parent != NULL)
			continue;
		if (!is_first && !thread->context->json)
			putchar('\n');
		is_first = FALSE;
		print_tree(thread, leaf);
	}
	if (thread->leaves->len == MAILS_MAX && !thread->context->json)
		printf("… and more: only the first %d mails are shown\n", MAILS_MAX);
}

int
pm_show_thread(PmContext *context, const char *msgid)
{
	g_autofree char *id =
		msgid[0] == '<' ? g_strdup(msgid) : g_strdup_printf("<%s>", msgid);
	g_autofree char *limit = g_strdup_printf("%d", MAILS_MAX);
	const char *const params[] = {id, limit};
	g_autoptr(GError) error = NULL;
	g_autoptr(PmPg) pg = pm_context_open_pg(context, &error);
	g_autoptr(PmRows) mails =
		pg ? pm_pg_query(pg, PM_SQL_THREAD_MAILS, params, 2, &error) : NULL;

	if (mails == NULL)
		return pm_command_fail(error);
	if (pm_rows_count(mails) == 0) {
		g_printerr("patchmail: no project has seen a mail %s\n", id);
		return EX_DATAERR;
	}
	g_autofree char *ids = series_array(mails);
	const char *const series_params[] = {ids};
	g_autoptr(PmRows) series =
		pm_pg_query(pg, PM_SQL_THREAD_SERIES, series_params, 1, &error);
	if (series == NULL)
		return pm_command_fail(error);
	PmThread thread = {
		.context = context,
		.mails = mails,
		.series = series,
		.leaves = g_ptr_array_new_with_free_func(free_leaf),
		.by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.told = g_hash_table_new(NULL, NULL),
	};
	print_thread(&thread);
	g_hash_table_unref(thread.told);
	g_hash_table_unref(thread.by_id);
	g_ptr_array_unref(thread.leaves);
	return EX_OK;
}
