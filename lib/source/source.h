/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Where replayed mail comes from: mbox files (mboxo, mboxrd), maildirs, single
 * files, gz of these, standard input, public-inbox. One iterator that never holds more
 * than one mail.
 */
typedef enum {
	PM_SOURCE_AUTO,
	PM_SOURCE_MBOX, /* unquotes as mboxrd where that is unambiguous; see source.c */
	PM_SOURCE_MBOXO,
	PM_SOURCE_MBOXRD,
	PM_SOURCE_MAILDIR,
	PM_SOURCE_EML,
	PM_SOURCE_PUBLIC_INBOX, /* git repositories; see inbox.h */
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
	char *key; /* of the source in patchmail.replay_position; NULL: has no position */
	char *position; /* all before this mail, as of the key; NULL: nothing yet */
} PmSourceMail;

void pm_source_mail_free(PmSourceMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmSourceMail, pm_source_mail_free)

typedef struct PmSource PmSource;

/* What a public-inbox has to tell besides its mails. */
typedef enum {
	PM_NOTICE_REWRITTEN, /* the commit reached before is gone; it is read anew */
	PM_NOTICE_DELETED,   /* the commit takes a mail back */
	PM_NOTICE_END,	     /* all up to the commit has been given */
} PmNoticeKind;

typedef struct {
	PmNoticeKind kind;
	const char *path, *key, *commit;
} PmSourceNotice;

/* Where to go on. Strings and table must outlive the source. */
typedef struct {
	GHashTable *positions; /* key -> commit reached; NULL: none */
	const char *label;     /* part of the key: what reads the source differently */
	const char *since;     /* begin behind this commit instead; or NULL */
	gboolean is_all;       /* begin at the first commit */
	/* Called by pm_source_next(); or NULL. */
	void (*notice)(const PmSourceNotice *notice, gpointer user_data);
	gpointer user_data;
} PmSourceFeed;

/*
 * paths: files, maildirs, directories (walked, in sorted order) or "-". Mails larger
 * than size_max bytes come cut to their first 64 KiB. Does not open anything yet.
 */
PmSource *pm_source_new(const char *const *paths, PmSourceFormat format, size_t size_max);
/* To be called before the first pm_source_next(); without it all is read. */
void pm_source_set_feed(PmSource *source, const PmSourceFeed *feed);
void pm_source_free(PmSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmSource, pm_source_free)

/*
 * The next mail; NULL with error unset at the end. An unreadable or damaged
 * file gives NULL with PM_ERROR_PERMANENT_INPUT, a sentence that names file and
 * position; the next call goes on with what follows (the next mail or file). (transfer
 * full)
 */
PmSourceMail *pm_source_next(PmSource *source, GError **error);

/*
 * Bytes read so far and in total (0: unknown, as for standard input), for progress; of a
 * public-inbox its commits.
 */
void pm_source_progress(const PmSource *source, guint64 *done_out, guint64 *total_out);
