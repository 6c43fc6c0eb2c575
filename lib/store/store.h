/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/store/entry.h"
#include "lib/store/pg.h"
#include "lib/store/suspects.h"

/*
 * Stores mails in batches, each in one transaction. One store is one connection and
 * one writer; several stores, on this machine or others, may write at once.
 */

typedef enum {
	PM_KEEP_RAW_NEEDED, /* where the text columns cannot hold the mail exactly */
	PM_KEEP_RAW_NO,
	PM_KEEP_RAW_ALL,
} PmKeepRaw;

/* A submission that later mails took to another series, or gave another number. */
typedef struct {
	const char *project; /* linkname */
	const char *msgid;
	int from_series, from_number, to_series, to_number; /* numbers 0: the cover */
	const char *rule; /* pm_correlate_rule_help() says what it means */
} PmMove;

/* Called once what it tells is committed; move is borrowed. */
typedef void (*PmStoreMoved)(const PmMove *move, gpointer user_data);

typedef struct {
	const char *conninfo;  /* libpq's string; NULL: the PG* environment */
	const char *time_zone; /* of an existing Patchwork; NULL: UTC */
	PmKeepRaw keep_raw;
	gboolean store_ignored;	   /* keep ignored mails in quarantine */
	const char *trust_control; /* see trust.h; NULL: everybody */
	gboolean is_lasting;	   /* may reserve ids that only later batches will use */
	PmStoreMoved moved;	   /* or NULL; in the thread that stores */
	gpointer moved_data;
	gint64 hold_seconds; /* how long a reply waits for its parent; 0: for ever */
	void (*let_go)(gint64 replies); /* or NULL: how many waited for too long */
	gint64 quarantine_bytes;	/* the quarantine holds at most; 0: any number */
	gint64 quarantine_seconds;	/* a mail stays there at most; 0: for ever */
	/* Or NULL: how many mails left it for these reasons, and their bytes. */
	void (*trimmed)(gint64 mails, gint64 bytes);
	int patience; /* seconds, as in pm_pg_set_patience() */
	PmSuspects
		*suspects; /* borrowed; NULL: a mail that fails alone is never to blame */
} PmStoreOptions;

typedef struct PmStore PmStore;

/* Connects and checks the schema. options are copied. Fails as pm_pg_new() and
 * pm_schema_check(). (transfer full) */
PmStore *pm_store_new(const PmStoreOptions *options, GError **error);
void pm_store_free(PmStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmStore, pm_store_free)

/* The catalog as it is now, read anew where it is older than max_age seconds.
 * (transfer full) */
PmCatalog *pm_store_catalog(PmStore *store, int max_age, GError **error);

/* What waits, and how much of it there is. */
typedef struct {
	gint64 held, quarantined, quarantine_bytes;
} PmStoreCounts;

/*
 * Stores entries[0, n), in this order, and sets the outcome of each. A batch that fails
 * for what a mail holds, or for no reason that tells (PERMANENT_BUG), is halved until that mail
 * stands alone; it is quarantined and the others are stored. Where no reason is told that takes
 * another mail that is stored, in the same call or (suspects) between two attempts.
 * FALSE: TEMPORARY_* (the outcome of entries not stored is
 * PM_OUTCOME_NONE; the same call may be made again), PERMANENT_SCHEMA or PERMANENT_BUG.
 */
gboolean pm_store_write(PmStore *store, PmEntry **entries, guint n, GError **error);

/* Housekeeping, now and then: lets go of replies that have been held for longer than
 * hold_seconds, and of mails in quarantine that are too old or too many, the oldest first.
 * Cheap where there are none. pm_store_write() does the latter, too, once it has quarantined a
 * sixteenth of quarantine_bytes, and each time where the store is not lasting. Fails as
 * pm_pg_sync(). */
gboolean pm_store_expire(PmStore *store, GError **error);

/* Housekeeping, then how much waits, for figures. Fails as pm_pg_sync(). */
gboolean pm_store_count(PmStore *store, PmStoreCounts *counts_out, GError **error);

/*
 * How far sources were read: source -> position. Written by pm_store_write() with the
 * entries that have one, and by pm_store_set_position() where no mail follows. Both fail
 * as pm_pg_sync(). (transfer full)
 */
GHashTable *pm_store_positions(PmStore *store, GError **error);
gboolean pm_store_set_position(PmStore *store, const char *source, const char *position,
			       GError **error);

/* The connection, for administration between batches. (transfer none) */
PmPg *pm_store_pg(PmStore *store);
