/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/series/correlate.h"
#include "lib/store/ids.h"
#include "lib/store/labels.h"
#include "lib/store/node.h"
#include "lib/store/store.h"

/*
 * A batch on its way through the store: gather what is known, find the threads, group
 * the clusters, plan the rows, write them. Each stage is one file; this is what
 * they hand on. Internal to lib/store.
 */

/* A row of patchwork_series, as it was and as it will be. */
struct PmSeriesRow {
	int id; /* 0 until reserved */
	int project_id;
	gboolean is_new, is_taken, is_given_up;
	gboolean is_worked_on; /* by people: it keeps its mails */
	gboolean is_decided;   /* by somebody: it keeps its mails and their numbers */
	gboolean is_foreign;   /* made by Patchwork: it keeps all that it says, too */
	gboolean is_near;      /* of a relative: only its link may change */
	PmSeriesRow *heir;     /* where is_given_up: who took most of its mails */
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
	const char *was_supersedes_reason;
};

/* A submission of a cluster that stays as it is, but whose series may be replaced by one
 * of this batch, or (where is_near) replace one. */
typedef struct {
	PmNode *node;
	gboolean is_near;
	int supersedes_id; /* recorded for its series; 0: none */
	const char *reason;
} PmRelative;

/* A stored mail that was found to belong to another project. */
typedef struct {
	char *msgid;
	int project_id; /* the new one */
	char **refs;
	gint64 thread, cluster; /* labels of what waited for it there; 0: nothing did */
} PmRehomed;

/* A reply that one project holds, and that is a comment in another one. */
typedef struct {
	PmNode *node;
	int from_id, to_id; /* projects */
} PmFetched;

/* An event to be written; what it is about is looked up at writing, when ids are known. */
typedef struct {
	const char *category; /* NULL: a comment's, which depends on where it hangs */
	PmNode *node;	      /* the patch, cover or comment; NULL for series events */
	PmSeriesRow *series;  /* or NULL */
} PmEventPlan;

/* A stored cluster that a mail's run or kinship leads to. */
typedef struct {
	const PmEntry *entry;
	gint64 cluster;
	gboolean is_large; /* and so takes in no kin but the nearest */
} PmFound;

/* A mail of Patchwork's that leads to a series that a mail may continue. */
typedef struct {
	const PmEntry *entry;
	const char *msgid;
} PmForeignKin;

typedef struct {
	int id;			  /* 0: not stored yet */
	const char *email, *name; /* name as stored, or NULL */
	const char *new_name;	  /* to be renamed to, or NULL */
} PmPersonRow;

typedef struct PmBatch PmBatch;

struct PmBatch {
	PmPg *pg;
	PmCatalog *catalog;
	PmEntry **entries;
	guint n_entries;
	gint64 window; /* PM_CORRELATE_WINDOW */
	gint64 now;    /* naive microseconds */

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
	GArray *relatives;     /* of PmRelative */
	/* Results of find_near and find_relatives in the first round trip, if has_near. */
	guint near, near_relatives;
	gboolean has_near;
	guint64 near_trip;  /* pm_pg_trips() when they are there */
	GHashTable *locks;  /* set of int: projects that are locked, or shall be */
	GPtrArray *copies;  /* of PmEntry, owned: replies for another project, too */
	GPtrArray *rehomed; /* of PmRehomed, owned: mails that changed their project */
	GArray *unlinked;   /* of gint64: clusters of series that lost a link by that */
	GArray *fetched;    /* of PmFetched: held replies of other projects */
	GArray *events;	    /* of PmEventPlan, in the order of writing */
	PmIds *ids;	    /* of the store */
	gboolean has_spare_ids; /* see PmStoreOptions */
	GArray *foreign_kin;	/* of PmForeignKin */
	/* Where somebody decides (decide.c): what is sent with the rows, and its result. */
	void (*send_extra)(PmBatch *batch, gpointer extra);
	gpointer extra;
	guint extra_result;
	gboolean looks_for_foreign;	 /* mails that Patchwork's own parser stored */
	gboolean keep_all_raw, keep_raw; /* mails as they arrived: all, or where needed */
	gboolean store_ignored;		 /* see PmStoreOptions */
	const char *trust_control;
};

PmBatch *pm_batch_new(PmPg *pg, PmIds *ids, PmCatalog *catalog, PmEntry **entries,
		      guint n_entries);
void pm_batch_free(PmBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmBatch, pm_batch_free)

/* Key under which addresses that differ by case only are one. (transfer full) */
char *pm_fold_email(const char *email);

/* Stage 1 (gather.c): locks the projects, reads what is known of every id that the mails
 * hold; mails that are known already get their outcome here. */
gboolean pm_batch_gather(PmBatch *batch, GError **error);

/* Parts of stage 1: the locks (locks.c), of all that may be decided about; and threads that
 * may share a series (kin.c): found (of PmFound) in the database, and within the batch. */
void pm_batch_send_locks(PmBatch *batch);
void pm_batch_join_kin(PmBatch *batch, const GArray *found);

/* Whether the entry goes into the threads of its project. */
gboolean pm_batch_is_storable(const PmEntry *entry);
/* Of an entry that is storable: whether it is a patch or a cover. */
gboolean pm_batch_is_submission(const PmEntry *entry);
/* Makes the mail and all it refers to one thread; new ids become ghosts. */
void pm_batch_join_references(PmBatch *batch, PmNode *node);
void pm_batch_mark_touched(PmBatch *batch, const PmNode *node);
void pm_batch_mark_revived(PmBatch *batch, const PmNode *node);

/* Rows of find_foreign_kin, asked for these entries, into batch->foreign_kin (adopt.c). */
void pm_batch_note_foreign_kin(PmBatch *batch, const PmRows *rows,
			       const GPtrArray *entries);
/* Part of stage 1 (follow.c, rehome.c): mails that belong to another project than their
 * list says, and those that the mails of this batch pull over. */
typedef enum {
	PM_FOLLOWED_DONE,
	PM_FOLLOWED_MOVED,    /* what was read is out of date */
	PM_FOLLOWED_UNLOCKED, /* locks has projects that are not locked yet */
} PmFollowed;
gboolean pm_batch_follow(PmBatch *batch, PmFollowed *followed_out, GError **error);
gboolean pm_batch_rehome(PmBatch *batch, gboolean *any_out, GError **error);
/* Joins what was rehomed to what it refers to, and to what waited for it. */
void pm_batch_join_rehomed(PmBatch *batch);
/* Adds to batch->copies the replies whose parent only other projects have, or will have when
 * the stored replies in fetched (of PmFetched) are there; and to batch->locks the projects that
 * are not locked yet, of which it makes no copies. How many of both. */
guint pm_batch_copy_replies(PmBatch *batch, const GArray *fetched);
/* Stored replies that wait in another project for a mail of this batch (fetch.c): finds
 * them, and makes them nodes when those of the batch are there. */
gboolean pm_batch_fetch_replies(PmBatch *batch, GArray *found, GError **error);
void pm_batch_admit_replies(PmBatch *batch, const GArray *found);
/* Whether a reply that went to another list may hang on this one, now or later; the same of a
 * mail that arrives. What is held or ignored only leads on. */
gboolean pm_batch_leads_on(const PmNode *node);
gboolean pm_batch_is_awaitable(const PmEntry *entry);
/* "PROJECT MESSAGE-ID", for sets: one mail may go to several projects. (transfer full) */
char *pm_batch_key(int project_id, const char *msgid);
/* Such keys of the mails that the batch brings. (transfer full) */
GHashTable *pm_batch_index_entries(const PmBatch *batch);
gboolean pm_batch_has_seen(const PmBatch *batch, int project_id, const char *msgid);
/* Reads all mails of stored clusters (of gint64), and what other projects know of them, in
 * round trips of its own. */
gboolean pm_batch_load(PmBatch *batch, const GArray *clusters, GError **error);
/* Whether a mail of its list may belong to project; whether tags tell its list's projects
 * apart. */
gboolean pm_batch_is_of_list(const PmProject *project, const PmEntry *entry);
gboolean pm_batch_has_tags(const PmBatch *batch, const PmEntry *entry);
/* Whether its subject lacks the tag of any project of a list that has some. */
gboolean pm_batch_is_untagged(const PmBatch *batch, const PmEntry *entry);

/* Part of stage 1 (adopt.c): mails that Patchwork stored without us become nodes. Adds to
 * found (of PmFound) the clusters of batch->foreign_kin. */
gboolean pm_batch_adopt(PmBatch *batch, GArray *found, GError **error);

/* Queues find_near with the first question of a small batch (clusters.c). */
void pm_batch_foresee_clusters(PmBatch *batch);
/* Loads the clusters that change and were not foreseen, and all their series. */
gboolean pm_batch_load_clusters(PmBatch *batch, GError **error);
/* A row of patchwork_series, empty but for its project; the second does not exist yet. Owned
 * by the batch. */
PmSeriesRow *pm_batch_add_series(PmBatch *batch, int project_id);
PmSeriesRow *pm_batch_add_new_series(PmBatch *batch, int project_id);
/* Reads rows of find_series into batch->series. */
void pm_batch_read_series(PmBatch *batch, const PmRows *rows);

/* Stage 2 (threads.c): joins labels, loads the clusters that change, finds the nearest
 * submission above each mail. */
gboolean pm_batch_thread(PmBatch *batch, GError **error);

/* A cluster on its way: its submissions, and what the correlator makes of them. */
typedef struct {
	GPtrArray *nodes;
	PmGrouping *grouping;
} PmCluster;

/* Stage 3 (ideal.c): correlates each changed cluster. label -> PmCluster (transfer full) */
GHashTable *pm_batch_ideal(PmBatch *batch, GError **error);

/* The same (group.c), and maps the groups to series rows. */
gboolean pm_batch_group(PmBatch *batch, GError **error);
/* What the correlator is told of a submission. Strings live as long as the batch. */
PmFact pm_batch_fact(PmBatch *batch, const PmNode *node);

/* Which series replaces which (revisions.c). Foreseen or asked with the clusters, decided
 * when all are grouped. */
guint pm_batch_foresee_relatives(PmBatch *batch);
guint pm_batch_ask_relatives(PmBatch *batch);
void pm_batch_read_relatives(PmBatch *batch, const PmRows *rows);
void pm_batch_revise(PmBatch *batch);

/* Stage 4 (events.c): what happened, in Patchwork's order. */
void pm_batch_plan_events(PmBatch *batch);

/* Whether a patch-completed event was due before, and is now (after stage 4 began). */
gboolean pm_node_was_completed(const PmBatch *batch, const PmNode *node);
gboolean pm_node_is_completed(const PmNode *node);

/* Queues the reservation of ids that the batch may need, where a long-lived store can use
 * later what is left (reserve.c). FALSE where there are enough. */
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

/* The series that supersede_patches has to look at (supersede.c); no rows where no project
 * wants it. (transfer full) */
PmParams *pm_batch_superseding(const PmBatch *batch);

/* What a statement is given, one array a column; queued only where it has rows. */
PmParams *pm_columns_new(const PmType *types, guint n_types);
void pm_batch_send_if_any(PmBatch *batch, PmSql sql, PmParams *params);

/* Stage 5 (write.c): reserves ids, writes every table, commits. */
gboolean pm_batch_write(PmBatch *batch, GError **error);

/* After stage 5 (report.c): tells which submissions are elsewhere now. */
void pm_batch_report_moves(const PmBatch *batch, PmStoreMoved moved, gpointer user_data);

/* The linkname of a project, or "". (transfer none) */
const char *pm_batch_linkname(const PmBatch *batch, int project_id);

/* Reads people by address into batch->people (gather.c, write.c). */
void pm_batch_read_people(PmBatch *batch, const PmRows *rows, const GPtrArray *asked);
