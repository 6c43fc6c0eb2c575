/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/store/store.h"

/*
 * Group commit for many deliverers. Each thread that has read a mail hands it in; one
 * of them takes all that is waiting and stores it in one transaction, for itself and the
 * others. While that commits, the next batch gathers, so a mail alone does not wait and
 * a crowd shares the cost of its commit. There is no timer.
 *
 * A connection that had worked and is cut is made again at once, and what it was
 * storing is stored over the new one, unless COMMIT had been sent. While the database is away
 * every mail is answered at once with the error; the writer tries to connect again by
 * itself, after a second at first and each 30 seconds later.
 */
typedef struct PmWriter PmWriter;

typedef struct {
	PmStoreOptions store; /* strings are interned */
	guint batch_messages; /* in one transaction at most */
	size_t batch_bytes;
} PmWriterOptions;

/* What happened, for logs and metrics; called by one thread at a time, whichever. */
typedef struct {
	void (*stored)(guint mails, gint64 usec, gpointer user_data);
	void (*failed)(const GError *error, guint mails, gpointer user_data);
	void (*connected)(gboolean is_again, gpointer user_data);
	/* A connection failed, or could not be made. */
	void (*lost)(const GError *error, gpointer user_data);
	/* Now and then while there is little to do. */
	void (*counted)(const PmStoreCounts *counts, gpointer user_data);
	gpointer user_data;
} PmWriterReport;

/* Starts its thread; does not wait for the database. (transfer full) */
PmWriter *pm_writer_new(const PmWriterOptions *options, const PmWriterReport *report);

/* Ends the thread. Nobody may be in pm_writer_store() any more. */
void pm_writer_free(PmWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmWriter, pm_writer_free)

/*
 * The catalog as last read (at most a few seconds ago while mails come), waiting for
 * the first one. NULL with a temporary error while the database is away. (transfer full)
 */
PmCatalog *pm_writer_catalog(PmWriter *writer, GError **error);

/*
 * Takes other options (SIGHUP): what is stored from the next batch on is stored with them,
 * over a new connection, and the catalog is read anew before the next mail.
 */
void pm_writer_configure(PmWriter *writer, const PmWriterOptions *options);

/*
 * Stores entries[0, n) in one transaction and waits. TRUE: each has its outcome, and it
 * is committed. FALSE: nothing is known to be stored, try again (PM_ERROR_TEMPORARY_*), or
 * PERMANENT_SCHEMA or PERMANENT_BUG, which an admin has to mend: a retry helps then, too.
 */
gboolean pm_writer_store(PmWriter *writer, PmEntry **entries, guint n, GError **error);

/*
 * For a watchdog: whether nobody stores anything, or has been at the present batch for
 * less than this many seconds.
 */
gboolean pm_writer_makes_progress(PmWriter *writer, int seconds);
/* Whether the last thing it did with the database went well. */
gboolean pm_writer_is_connected(PmWriter *writer);
/* Mails and bytes that wait. */
void pm_writer_queue(PmWriter *writer, guint *mails_out, size_t *bytes_out);
