/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/store/store.h"

/*
 * Mails that are stored already, read anew: what a better parser would store now. What people
 * set (state, delegate, archived, checks, commit_ref) stays, and so do authors and series.
 */

/* One column of one row that would hold something else. was and now may be NULL. */
typedef struct {
	const char *kind; /* "patch", "cover", "patch comment", "cover comment" */
	int id;
	const char *msgid;
	const char *field; /* "kind": the mail would be of another kind; not written */
	const char *was, *now;
} PmDifference;

typedef void (*PmRefreshReport)(const PmDifference *difference, gpointer user_data);

typedef enum {
	PM_REFRESH_DRY_RUN = 1,	 /* tell, write nothing */
	PM_REFRESH_KEEP_RAW = 2, /* keep mails as they arrived where that is needed */
} PmRefreshFlags;

/*
 * Reads the rows of entries[0, n) and tells of each difference; writes them, unless this is a
 * dry run, in one transaction. Mails that no project has or that are not stored are passed
 * over; the same mail twice counts once. Fails as pm_pg_sync(), with nothing written.
 */
gboolean pm_refresh(PmStore *store, PmEntry **entries, guint n, PmRefreshFlags flags,
		    PmRefreshReport report, gpointer user_data, GError **error);

/*
 * The next mails that were kept as they arrived, read, at most limit: after the last one of the
 * call before (position; NULL in the beginning; replaced and owned by the caller). linkname and
 * msgids (of char *, with brackets) may be empty: all. Needs PM_MAIL_STACK_SIZE
 * of stack. Empty at the end; NULL with error. (transfer full): of PmEntry
 */
GPtrArray *pm_refresh_next(PmStore *store, PmCatalog *catalog, char **position,
			   const char *linkname, const GPtrArray *msgids, guint limit,
			   GError **error);
