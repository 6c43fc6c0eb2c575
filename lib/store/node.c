/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/node.h"

#include <string.h>

struct PmNodes {
	GHashTable *by_key; /* PmNode -> itself, by project and id */
	GPtrArray *list;    /* of PmNode, owned */
	GStringChunk *strings;
	GPtrArray *strvs;
};

static guint
hash_node(gconstpointer data)
{
	const PmNode *node = data;

	return g_str_hash(node->msgid) * 31 + (guint)node->project_id;
}

static gboolean
equal_node(gconstpointer a, gconstpointer b)
{
	const PmNode *x = a, *y = b;

	return x->project_id == y->project_id && g_str_equal(x->msgid, y->msgid);
}

PmNodes *
pm_nodes_new(void)
{
	PmNodes *nodes = g_new0(PmNodes, 1);

	nodes->by_key = g_hash_table_new(hash_node, equal_node);
	nodes->list = g_ptr_array_new_with_free_func(g_free);
	nodes->strings = g_string_chunk_new(16 * 1024);
	nodes->strvs = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	return nodes;
}

void
pm_nodes_free(PmNodes *nodes)
{
	if (nodes == NULL)
		return;
	g_hash_table_unref(nodes->by_key);
	g_ptr_array_unref(nodes->list);
	g_string_chunk_free(nodes->strings);
	g_ptr_array_unref(nodes->strvs);
	g_free(nodes);
}

PmNode *
pm_nodes_find(const PmNodes *nodes, int project_id, const char *msgid)
{
	PmNode key = {.msgid = msgid, .project_id = project_id};

	return g_hash_table_lookup(nodes->by_key, &key);
}

PmNode *
pm_nodes_add(PmNodes *nodes, int project_id, const char *msgid)
{
	PmNode *node = g_new0(PmNode, 1);

	node->msgid = pm_nodes_string(nodes, msgid);
	node->project_id = project_id;
	node->now.kind = node->was.kind = PM_NODE_GHOST;
	node->index = nodes->list->len;
	g_ptr_array_add(nodes->list, node);
	g_hash_table_add(nodes->by_key, node);
	return node;
}

guint
pm_nodes_count(const PmNodes *nodes)
{
	return nodes->list->len;
}

PmNode *
pm_nodes_at(const PmNodes *nodes, guint i)
{
	return g_ptr_array_index(nodes->list, i);
}

const char *
pm_nodes_string(PmNodes *nodes, const char *text)
{
	return text ? g_string_chunk_insert(nodes->strings, text) : NULL;
}

char **
pm_nodes_split(PmNodes *nodes, const char *text, const char *separator)
{
	char **strv;

	if (text == NULL || *text == '\0')
		return NULL;
	strv = g_strsplit(text, separator, -1);
	g_ptr_array_add(nodes->strvs, strv);
	return strv;
}

/* Columns of find_messages, find_members and find_threads. */
enum {
	COL_MSGID,
	COL_PROJECT,
	COL_KIND,
	COL_THREAD,
	COL_CLUSTER,
	COL_ANCHOR,
	COL_PATCH,
	COL_COVER,
	COL_SERIES,
	COL_FOREIGN,
	COL_REFS,
	COL_SLOT,
	COL_TAGS,
	COL_SENT,
	COL_SUBMITTER,
	COL_VERSION,
	COL_VERSION_TEXT,
	COL_NUMBER,
	COL_FRACTION,
	COL_TOTAL,
	COL_PREFIXES,
	COL_NAME,
	COL_TITLE_AT,
	COL_RUN,
	COL_CHANGE_ID,
	COL_SHORTLOG,
	COL_COMMENT,
};

/* Pull requests keep the word in their names, in the brackets before the title. */
static gboolean
says_pull(const char *name, size_t len)
{
	for (; len >= strlen("pull"); name++, len--)
		if (g_ascii_strncasecmp(name, "pull", strlen("pull")) == 0)
			return TRUE;
	return FALSE;
}

static void
read_facts(PmNodes *nodes, PmNode *node, const PmRows *rows, guint row)
{
	size_t title_at = (size_t)pm_rows_int(rows, row, COL_TITLE_AT);
	const char *name = pm_rows_text(rows, row, COL_NAME);
	size_t name_len = strlen(name);

	node->sent = pm_rows_int(rows, row, COL_SENT);
	node->submitter_id = (int)pm_rows_int(rows, row, COL_SUBMITTER);
	node->submitter = pm_nodes_string(nodes, pm_rows_text(rows, row, COL_SUBMITTER));
	/* The text is null where no version was given, which counts as 1. */
	node->version = (int)pm_rows_int(rows, row, COL_VERSION);
	node->has_version = !pm_rows_is_null(rows, row, COL_VERSION_TEXT);
	node->version_text = pm_nodes_string(
		nodes, strchr(pm_rows_text(rows, row, COL_VERSION_TEXT), '.')
			       ? pm_rows_text(rows, row, COL_VERSION_TEXT)
			       : NULL);
	node->has_number = !pm_rows_is_null(rows, row, COL_NUMBER);
	node->number = node->has_number ? (int)pm_rows_int(rows, row, COL_NUMBER) : 1;
	node->fraction = (int)pm_rows_int(rows, row, COL_FRACTION);
	node->total = (int)pm_rows_int(rows, row, COL_TOTAL);
	node->prefixes =
		pm_nodes_split(nodes, pm_rows_text(rows, row, COL_PREFIXES), " ");
	node->name = pm_nodes_string(nodes, name);
	node->title = node->name + MIN(title_at, name_len);
	node->is_pull = says_pull(node->name, (size_t)(node->title - node->name));
	node->run = pm_nodes_string(nodes, pm_rows_text_or_null(rows, row, COL_RUN));
	node->change_id =
		pm_nodes_string(nodes, pm_rows_text_or_null(rows, row, COL_CHANGE_ID));
	node->shortlog =
		pm_nodes_split(nodes, pm_rows_text(rows, row, COL_SHORTLOG), "\n");
	node->has_facts = TRUE;
}

static void
read_place(PmNodes *nodes, PmNode *node, const PmRows *rows, guint row)
{
	node->now.kind = pm_rows_text(rows, row, COL_KIND)[0];
	node->now.anchor =
		pm_nodes_string(nodes, pm_rows_text_or_null(rows, row, COL_ANCHOR));
	node->now.patch_id = (int)pm_rows_int(rows, row, COL_PATCH);
	node->now.cover_id = (int)pm_rows_int(rows, row, COL_COVER);
	node->now.series_id = (int)pm_rows_int(rows, row, COL_SERIES);
	node->thread = pm_rows_int(rows, row, COL_THREAD);
	node->cluster = pm_rows_int(rows, row, COL_CLUSTER);
	node->is_foreign = pm_rows_bool(rows, row, COL_FOREIGN);
	node->refs = pm_nodes_split(nodes, pm_rows_text(rows, row, COL_REFS), "\n");
	node->is_open = node->now.kind == PM_NODE_HELD || node->now.kind == PM_NODE_GHOST;
	node->anchor_state = PM_ANCHOR_KNOWN;
	node->is_stored = TRUE;
}

PmNode *
pm_nodes_from_row(PmNodes *nodes, const PmRows *rows, guint row, gboolean with_facts)
{
	const char *msgid = pm_rows_text(rows, row, COL_MSGID);
	int project_id = (int)pm_rows_int(rows, row, COL_PROJECT);
	PmNode *node = pm_nodes_find(nodes, project_id, msgid);

	if (node == NULL) {
		node = pm_nodes_add(nodes, project_id, msgid);
		read_place(nodes, node, rows, row);
	}
	/* A ghost that this batch has just brought to life keeps its new facts. */
	if (node->entry != NULL || node->now.kind != pm_rows_text(rows, row, COL_KIND)[0])
		return node;
	if (with_facts && !node->has_facts) {
		node->is_whole = TRUE;
		node->now.slot = (int)pm_rows_int(rows, row, COL_SLOT);
		node->now.comment_id = (int)pm_rows_int(rows, row, COL_COMMENT);
		node->tags =
			pm_nodes_string(nodes, pm_rows_text_or_null(rows, row, COL_TAGS));
		if (pm_node_is_submission(node))
			read_facts(nodes, node, rows, row);
	}
	node->was = node->now;
	return node;
}

static const char *
title_within(const char *name, const char *title)
{
	size_t name_len = strlen(name), title_len = strlen(title);

	/* Names are cut at 255 characters, titles are not. */
	if (title_len <= name_len && g_str_equal(name + name_len - title_len, title))
		return name + name_len - title_len;
	const char *end = g_str_has_prefix(name, "[") ? strstr(name, "] ") : NULL;
	return end ? end + 2 : name;
}

const char *
pm_node_title_of(const PmEntry *entry)
{
	return title_within(entry->item->name, entry->mail->subject->title);
}

void
pm_node_take_entry(PmNode *node, PmEntry *entry)
{
	const PmSubject *subject = entry->mail->subject;

	node->entry = entry;
	node->is_dirty = TRUE;
	node->refs = entry->mail->refs;
	node->tags = entry->tags;
	node->anchor_state = PM_ANCHOR_UNKNOWN;
	node->sent = entry->sent;
	node->run = entry->run;
	node->has_version = subject->has_version;
	node->version = subject->version;
	node->version_text = subject->version_text;
	node->has_number = subject->has_number;
	node->is_pull = subject->is_pull;
	node->number = subject->number;
	node->fraction = subject->fraction;
	node->total = subject->total;
	node->prefixes = subject->prefixes;
	node->name = entry->item->name;
	node->title = pm_node_title_of(entry);
	node->change_id = entry->mail->change_id;
	node->shortlog = entry->mail->shortlog;
	node->has_facts = TRUE;
}

char *
pm_node_join(char **strv, const char *separator)
{
	return strv != NULL && strv[0] != NULL ? g_strjoinv(separator, strv) : NULL;
}
