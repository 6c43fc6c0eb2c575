/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/source/source.h"

/*
 * A public-inbox, read from its git repositories through git, in the order of its
 * commits. Version 1 is one repository with a file a mail; version 2 has a repository an
 * epoch (git/0.git, git/1.git ...), in which each commit has the mail as file "m", or as
 * "d" where it takes it back. Any clone will do: of all, or of one epoch, bare or not.
 *
 * The position of a source is the commit up to which it was read; a source is one
 * repository. Its key is the canonical path (and the feed's label). A commit that is no
 * longer an ancestor of the newest one means that history was rewritten, by a
 * purge or an edit: then the repository is read from its beginning.
 */
typedef struct PmInbox PmInbox;

/* Whether there are git repositories in a directory, or it is one; by names alone. */
gboolean pm_inbox_is_candidate(const char *path);

/* Whether it is a repository without a working tree. */
gboolean pm_inbox_is_bare(const char *path);

/*
 * Whether it is a public-inbox, by epochs or by what its newest commit holds. FALSE with
 * PM_ERROR_PERMANENT_INPUT where git cannot read it.
 */
gboolean pm_inbox_check(const char *path, gboolean *is_inbox_out, GError **error);

/* feed is copied. NULL with PM_ERROR_PERMANENT_INPUT. (transfer full) */
PmInbox *pm_inbox_open(const char *path, const PmSourceFeed *feed, size_t size_max,
		       GError **error);
void pm_inbox_free(PmInbox *inbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmInbox, pm_inbox_free)

/*
 * The next mail. NULL with *is_end_out TRUE at the end; NULL with
 * PM_ERROR_PERMANENT_INPUT for a mail or an epoch that cannot be read, and the next call
 * goes on with what follows. (transfer full)
 */
PmSourceMail *pm_inbox_next(PmInbox *inbox, gboolean *is_end_out, GError **error);

/* Commits read, and to be read. */
void pm_inbox_progress(const PmInbox *inbox, guint64 *done_out, guint64 *total_out);

/* The git directories of a candidate in order, as canonical paths. (transfer full) */
GPtrArray *pm_inbox_repositories(const char *path);
