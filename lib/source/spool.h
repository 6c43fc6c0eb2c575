/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * One mail on its way in: the bytes seen so far, and the promise that a mail of any
 * size needs no more memory than the limit. Knows nothing of where mails begin or end.
 */

/* What is kept of a mail that is larger than the limit. */
#define PM_SPOOL_CUT (64 * 1024)

typedef struct {
	GByteArray *kept;
	size_t size_max;
	guint64 size; /* of the mail in the file, whatever is kept of it */
	gboolean is_cut;
} PmSpool;

void pm_spool_init(PmSpool *spool, size_t size_max);
void pm_spool_clear(PmSpool *spool);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmSpool, pm_spool_clear)

/* The next bytes of the mail. */
void pm_spool_add(PmSpool *spool, const char *data, size_t len);

/* len bytes of the file belong to the mail, but not to its text (a quoting ">"). */
void pm_spool_skip(PmSpool *spool, size_t len);

/*
 * The last len bytes that were added turn out not to belong to the mail. At most two
 * bytes, the line end of a blank line; nothing where the mail is shorter.
 */
void pm_spool_drop(PmSpool *spool, size_t len);

/*
 * Ends the mail, and the spool is ready for the next. A mail of exactly size_max bytes
 * is whole; of a longer one the first PM_SPOOL_CUT bytes are there (or size_max bytes,
 * where that is less) and *is_cut_out is TRUE. (transfer full)
 */
GBytes *pm_spool_take(PmSpool *spool, guint64 *size_out, gboolean *is_cut_out);
