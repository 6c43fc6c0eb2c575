/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/store/entry.h"
#include "lib/store/pg.h"

/*
 * What a batch knows of one Message-ID in one project: a row of patchmail.message,
 * as it was and as it will be. Strings belong to the table or to the entry.
 */

typedef enum {
	PM_NODE_PATCH = 'p',
	PM_NODE_COVER = 'c',
	PM_NODE_REPLY = 'r',
	PM_NODE_HELD = 'h',
	PM_NODE_DISCUSSION = 'd',
	PM_NODE_IGNORED = 'i',
	PM_NODE_GHOST = 'g',
} PmNodeKind;

typedef struct PmSeriesRow PmSeriesRow;

/* What can change when other mails come. */
typedef struct {
	char kind;
	const char *anchor;
	int patch_id, cover_id, series_id, slot, comment_id;
} PmNodePlace;

typedef struct {
	const char *msgid;
	int project_id;
	guint index;	    /* in the order in which nodes were added */
	PmEntry *entry;	    /* where this batch brings the mail, else NULL */
	gboolean is_stored; /* has a row already */
	gboolean is_dirty;  /* its row must be written */
	gboolean is_foreign;
	gboolean is_whole;	/* tags, slot and comment are loaded */
	gboolean has_facts;	/* a submission with the fields below filled */
	gint64 thread, cluster; /* labels */
	char **refs;		/* nearest first; NULL: not loaded or none */
	PmNodePlace now, was;
	enum { PM_ANCHOR_UNKNOWN, PM_ANCHOR_KNOWN } anchor_state;
	gboolean is_open; /* an id on its way up has not been seen */
	const char *tags;
	PmSeriesRow *series; /* of a submission, once grouped */
	const char *rule;    /* static: what joined it to that series */

	/* Facts of submissions. */
	gint64 sent;
	int submitter_id;
	const char *submitter; /* equal for equal people: "17", or an address not stored
				  yet */
	gboolean has_version, has_number, is_pull;
	int version, number, fraction, total;
	const char *version_text;
	char **prefixes;
	const char *name, *title;
	const char *run, *change_id;
	char **shortlog;
} PmNode;

static inline gboolean
pm_node_is_submission(const PmNode *node)
{
	return node->now.kind == PM_NODE_PATCH || node->now.kind == PM_NODE_COVER;
}

/* All nodes of a batch. */
typedef struct PmNodes PmNodes;

PmNodes *pm_nodes_new(void);
void pm_nodes_free(PmNodes *nodes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmNodes, pm_nodes_free)

/* NULL where there is none. (transfer none) */
PmNode *pm_nodes_find(const PmNodes *nodes, int project_id, const char *msgid);
/* There must be none yet. (transfer none) */
PmNode *pm_nodes_add(PmNodes *nodes, int project_id, const char *msgid);
guint pm_nodes_count(const PmNodes *nodes);
/* In the order in which they were added. */
PmNode *pm_nodes_at(const PmNodes *nodes, guint i);

/* A copy that lives as long as nodes; NULL stays NULL. */
const char *pm_nodes_string(PmNodes *nodes, const char *text);
/* Splits text ("" or NULL: NULL) at a separator; lives as long as nodes. */
char **pm_nodes_split(PmNodes *nodes, const char *text, const char *separator);

/* The node of a row of find_messages, find_members or find_threads (which share their
 * first columns); with_facts where the row has all of them. */
PmNode *pm_nodes_from_row(PmNodes *nodes, const PmRows *rows, guint row,
			  gboolean with_facts);

/* The title of a submission: the end of its name. Lives as long as the entry. */
const char *pm_node_title_of(const PmEntry *entry);

/* Takes the facts of the mail that an entry brings. */
void pm_node_take_entry(PmNode *node, PmEntry *entry);

/* The parts that are stored joined. (transfer full) (nullable) */
char *pm_node_join(char **strv, const char *separator);
