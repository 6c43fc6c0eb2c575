/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/writer.h"

/*
 * Several writers, each with a connection of its own. Mails of one project always go to the
 * same one: two would only wait for each other at the project's lock. So more than one
 * helps where several projects are busy at once, and a transaction of one project
 * that takes long does not hold up the others.
 */
typedef struct PmWriters PmWriters;

/* n is at least 1. The rest is as in writer.h; of what is counted one alone reports.
 * (transfer full) */
PmWriters *pm_writers_new(guint n, const PmWriterOptions *options,
			  const PmWriterReport *report);
void pm_writers_free(PmWriters *writers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmWriters, pm_writers_free)

PmCatalog *pm_writers_catalog(PmWriters *writers, GError **error);
void pm_writers_configure(PmWriters *writers, const PmWriterOptions *options);

/* One mail, for one or several projects: all in one transaction, by the writer of the
 * first. n is at least 1. */
gboolean pm_writers_store(PmWriters *writers, PmEntry **entries, guint n, GError **error);

/* Whether this holds for all of them. */
gboolean pm_writers_make_progress(PmWriters *writers, int seconds);
gboolean pm_writers_are_connected(PmWriters *writers);
/* Of all together. */
void pm_writers_queue(PmWriters *writers, guint *mails_out, size_t *bytes_out);
