/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/store/store.h"

/*
 * The spine: mails go in at one end in order, are read in parallel, stored in batches
 * by one writer, and come out with an outcome, in order.
 *
 *     push -> [ waiting ] -> readers -> [ read, in order ] -> writer -> done
 *
 * A batch is what is ready when the writer has finished the one before, so a mail
 * alone does not wait and a flood makes large batches, as large as can be stored in a
 * tenth of a second (pace.h): other writers get in between. Bytes in flight are bounded:
 * push waits.
 */
typedef struct {
	guint readers;	      /* parsing threads, at least 1 */
	guint batch_messages; /* mails in one transaction at most */
	size_t batch_bytes;   /* bytes in one transaction at most */
	size_t memory;	      /* bytes in flight at most; one mail is always let in */
	const char *list_id;  /* instead of the mails' own headers, or NULL; copied */
} PmIngestOptions;

/* Fills in what suits an archive on a small machine. */
void pm_ingest_options_init(PmIngestOptions *options);

/* Called by the writer for each mail in the order of pushing, once its outcome
 * stands. entry is borrowed. */
typedef void (*PmIngestDone)(const PmEntry *entry, gpointer tag, gpointer user_data);

typedef struct PmIngest PmIngest;

/* store NULL: nothing is stored, outcomes are what classification says (dry run).
 * Store and catalog must outlive the ingest. (transfer full) */
PmIngest *pm_ingest_new(PmStore *store, PmCatalog *catalog,
			const PmIngestOptions *options, PmIngestDone done,
			gpointer user_data);

/*
 * Hands in one mail (reference taken); tag comes back in done. FALSE with the writer's
 * error once it has failed: nothing is taken any more.
 */
gboolean pm_ingest_push(PmIngest *ingest, GBytes *bytes, guint64 size, gpointer tag,
			GError **error);

/*
 * The same; once the mail is stored, position is how far the source is read (see
 * PmEntry). Both are copied; NULL: nothing to remember.
 */
gboolean pm_ingest_push_at(PmIngest *ingest, GBytes *bytes, guint64 size,
			   const char *source, const char *position, gpointer tag,
			   GError **error);

/* Makes the writer stop after the batch it is at; what waits is given up. */
void pm_ingest_cancel(PmIngest *ingest);

/* Waits until all that was pushed is done (or the writer failed: FALSE). */
gboolean pm_ingest_finish(PmIngest *ingest, GError **error);

/* Ends the threads; cancels what was not finished. */
void pm_ingest_free(PmIngest *ingest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmIngest, pm_ingest_free)
