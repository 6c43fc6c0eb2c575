/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/series/correlate.h"
#include "lib/store/ids.h"
#include "lib/store/labels.h"
#include "lib/store/node.h"

/*
 * A batch on its way through the store: gather what is known, find the threads, group
 * the clusters, plan the rows, write them. Each stage is one file; this is what
 * they hand on. Internal to lib/store.
 */

/* A row of patchwork_series, as it was and as it will be. */
struct PmSeriesRow {
	int id; /* 0 until reserved */
	int project_id;
	gboolean is_new, is_fixed, is_taken, is_given_up;
	PmSeriesRow *heir; /* where is_given_up: who took most of its mails */
	int was_total, was_version, was_cover_id, was_submitter_id;
	const char *was_name;
	gint64 was_date;
	int total, version;
	PmNode *cover;		    /* or NULL */
	PmNode *lead;		    /* the mail that names and dates it */
	GPtrArray *patches;	    /* of PmNode, by number */
	GPtrArray *was_patches;	    /* of PmNode that were in it, any order */
	int was_unbroken, unbroken; /* n where the numbers 1..n are all there */
	gboolean was_whole, is_whole;
	PmSeriesRow *supersedes;
	const char *supersedes_reason;
	int was_supersedes_id; /* 0: none */
};

/* An event to be written; ids are looked up at writing, when they are known. */
typedef struct {
	const char *category; /* NULL: a comment's, which depends on where it hangs */
	PmNode *node;	      /* the patch, cover or comment; NULL for series events */
	PmSeriesRow *series;  /* or NULL */
} PmEventPlan;

typedef struct {
	int id;			  /* 0: not stored yet */
	const char *email, *name; /* name as stored, or NULL */
	const char *new_name;	  /* to be renamed to, or NULL */
} PmPersonRow;

typedef struct {
	PmPg *pg;
	PmCatalog *catalog;
	PmEntry **entries;
	guint n_entries;
	gint64 window;	   /* PM_CORRELATE_WINDOW */
	gint64 now;	   /* naive microseconds */
	gint64 event_date; /* of the first event of this batch */

	PmNodes *nodes;
	PmLabels *threads, *clusters;
	GHashTable *people;    /* folded email -> PmPersonRow */
	GHashTable *users;     /* folded email of a delegate -> GINT id */
	GPtrArray *fresh;      /* of PmNode: mails this batch brings, in order */
	GHashTable *touched;   /* set of cluster labels to be grouped anew */
	GHashTable *revived;   /* set of those in which a ghost came to life */
	GHashTable *known;     /* set of stored cluster labels that were met */
	GHashTable *series;    /* int id -> PmSeriesRow, those that were there */
	GPtrArray *all_series; /* of PmSeriesRow, owned */
	guint near;	       /* the result of find_near, if has_near */
	gboolean has_near;
	GArray *events;			 /* of PmEventPlan, in the order of writing */
	PmIds *ids;			 /* of the store */
	gboolean has_spare_ids;		 /* see PmStoreOptions */
	gboolean looks_for_foreign;	 /* mails that Patchwork's own parser stored */
	gboolean keep_all_raw, keep_raw; /* mails as they arrived: all, or where needed */
	gboolean store_ignored, distrust_control; /* see PmStoreOptions */
} PmBatch;

PmBatch *pm_batch_new(PmPg *pg, PmIds *ids, PmCatalog *catalog, PmEntry **entries,
		      guint n_entries);
void pm_batch_free(PmBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmBatch, pm_batch_free)

/* Key under which addresses that differ by case only are one. (transfer full) */
char *pm_fold_email(const char *email);

/* Stage 1 (gather.c): locks the projects, reads what is known of every id that the mails
 * hold; mails that are known already get their outcome here. */
gboolean pm_batch_gather(PmBatch *batch, GError **error);

/* Whether the entry goes into the threads of its project. */
gboolean pm_batch_is_storable(const PmEntry *entry);
/* Of an entry that is storable: whether it is a patch or a cover. */
gboolean pm_batch_is_submission(const PmEntry *entry);
/* Makes the mail and all it refers to one thread; new ids become ghosts. */
void pm_batch_join_references(PmBatch *batch, PmNode *node);
void pm_batch_mark_touched(PmBatch *batch, const PmNode *node);
void pm_batch_mark_revived(PmBatch *batch, const PmNode *node);

/* Part of stage 1 (adopt.c): mails that Patchwork stored without us become nodes. */
gboolean pm_batch_adopt(PmBatch *batch, GError **error);

/* Queues find_near with the first question of a small batch (clusters.c). */
void pm_batch_foresee_clusters(PmBatch *batch);
/* Loads the clusters that change and were not foreseen, and all their series. */
gboolean pm_batch_load_clusters(PmBatch *batch, GError **error);
/* Reads rows of find_series into batch->series. */
void pm_batch_read_series(PmBatch *batch, const PmRows *rows);

/* Stage 2 (threads.c): joins labels, loads the clusters that change, finds the nearest
 * submission above each mail. */
gboolean pm_batch_thread(PmBatch *batch, GError **error);

/* Stage 3 (group.c): correlates each changed cluster and maps the groups to series rows.
 */
void pm_batch_group(PmBatch *batch);
/* What the correlator is told of a submission. Strings live as long as the batch. */
PmFact pm_batch_fact(PmBatch *batch, const PmNode *node);

/* Stage 4 (events.c): what happened, in Patchwork's order. */
void pm_batch_plan_events(PmBatch *batch);

/* Whether a patch-completed event was due before, and is now (after stage 4 began). */
gboolean pm_node_was_completed(const PmBatch *batch, const PmNode *node);
gboolean pm_node_is_completed(const PmNode *node);

/* Queues the reservation of ids that the batch will need or, where a long-lived store can
 * use them later, may need (reserve.c). FALSE where there are enough. */
gboolean pm_batch_foresee_ids(PmBatch *batch, guint *result_out);
/* Ids and people (reserve.c): after this every row has its id. */
gboolean pm_batch_reserve(PmBatch *batch, GError **error);
/* The row of the person who sent the mail of a node. */
int pm_batch_submitter(const PmBatch *batch, const PmNode *node);
/* Where a reply hangs now: one of the two is set, the other 0. */
void pm_batch_target(const PmBatch *batch, const PmNode *node, int *patch_out,
		     int *cover_out);
/* A label as the id that is stored for it. */
gint64 pm_batch_thread_id(const PmBatch *batch, const PmNode *node);
gint64 pm_batch_cluster_id(const PmBatch *batch, const PmNode *node);

/* Queue statements for what changed (rows.c: new rows; moves.c: changed ones; messages.c:
 * our own schema; announce.c: events). */
void pm_batch_send_rows(PmBatch *batch);
void pm_batch_send_vacations(PmBatch *batch);
void pm_batch_send_moves(PmBatch *batch);
void pm_batch_send_messages(PmBatch *batch);
void pm_batch_send_events(PmBatch *batch);

/* What a statement is given, one array a column; queued only where it has rows. */
PmParams *pm_columns_new(const PmType *types, guint n_types);
void pm_batch_send_if_any(PmBatch *batch, PmSql sql, PmParams *params);

/* Stage 5 (write.c): reserves ids, writes every table, commits. */
gboolean pm_batch_write(PmBatch *batch, GError **error);

/* Reads people by address into batch->people (gather.c, write.c). */
void pm_batch_read_people(PmBatch *batch, const PmRows *rows, const GPtrArray *asked);
