/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Where replayed mail comes from: mbox files (mboxo, mboxrd), maildirs, single
 * files, gz of these, standard input. One iterator that never holds more than one mail.
 */
typedef enum {
	PM_SOURCE_AUTO,
	PM_SOURCE_MBOX, /* unquotes as mboxrd where that is unambiguous; see source.c */
	PM_SOURCE_MBOXO,
	PM_SOURCE_MBOXRD,
	PM_SOURCE_MAILDIR,
	PM_SOURCE_EML,
} PmSourceFormat;

/* "auto", "mbox" ... to the enum; FALSE where unknown. */
gboolean pm_source_format_parse(const char *text, PmSourceFormat *format_out);

typedef struct {
	GBytes *bytes;	 /* the mail without From_ line, unquoted */
	char *path;	 /* the file; "-" for standard input */
	guint64 number;	 /* of the mail in its file, from 1 */
	guint64 offset;	 /* of its first byte in the (decompressed) file */
	gboolean is_cut; /* longer than the limit: bytes holds only its beginning */
	guint64 size;	 /* whole size in the file, also where cut */
} PmSourceMail;

void pm_source_mail_free(PmSourceMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmSourceMail, pm_source_mail_free)

typedef struct PmSource PmSource;

/*
 * paths: files, maildirs, directories (walked, in sorted order) or "-". Mails larger
 * than size_max bytes come cut to their first 64 KiB. Does not open anything yet.
 */
PmSource *pm_source_new(const char *const *paths, PmSourceFormat format, size_t size_max);
void pm_source_free(PmSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmSource, pm_source_free)

/*
 * The next mail; NULL with error unset at the end. An unreadable or damaged
 * file gives NULL with PM_ERROR_PERMANENT_INPUT, a sentence that names file and
 * position; the next call goes on with what follows (the next mail or file). (transfer
 * full)
 */
PmSourceMail *pm_source_next(PmSource *source, GError **error);

/* Bytes read so far and in total (0: unknown, as for standard input), for progress. */
void pm_source_progress(const PmSource *source, guint64 *done_out, guint64 *total_out);
