/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One iterator over all that can be replayed: takes file after file from the tree
 * (tree.c), its bytes from the reader (reader.c, which unpacks gzip), and cuts them into
 * mails (mbox.c; or the whole file is one mail). How quoted From_ lines are read is told
 * at the head of mbox.c.
 *
 * What format a file has, where that is not told:
 *
 *	a file in cur/ or new/ of a maildir		one mail
 *	begins with a From_ line, blank lines aside	mbox
 *	is called *.eml or *.patch			one mail
 *	other mails follow in its first 64 KiB		mbox, its beginning cut off
 *	anything else					one mail
 *
 * A file that is damaged or ends too early gives all mails before the damage. The mail in
 * which it happens is not given: half a mail would be stored under its Message-ID, and
 * the whole one would later be taken for known. An empty file holds no mail.
 */
#include "lib/source/source.h"

#include <string.h>

#include "lib/error.h"
#include "lib/source/fromline.h"
#include "lib/source/inbox.h"
#include "lib/source/mbox.h"
#include "lib/source/reader.h"
#include "lib/source/spool.h"
#include "lib/source/tree.h"

struct PmSource {
	PmTree *tree;
	PmSourceFormat format;
	size_t size_max;

	PmTreeFile file;  /* that is being read */
	PmReader *reader; /* of it; NULL between files */
	PmMbox *mbox;	  /* NULL where the file is one mail */
	PmInbox *inbox;	  /* instead of both */
	PmSourceFeed feed;
	guint64 done; /* bytes of the files before */
};

static const struct {
	const char *name;
	PmSourceFormat format;
} formats[] = {
	{"auto", PM_SOURCE_AUTO},
	{"mbox", PM_SOURCE_MBOX},
	{"mboxo", PM_SOURCE_MBOXO},
	{"mboxrd", PM_SOURCE_MBOXRD},
	{"maildir", PM_SOURCE_MAILDIR},
	{"eml", PM_SOURCE_EML},
	{"public-inbox", PM_SOURCE_PUBLIC_INBOX},
};

gboolean
pm_source_format_parse(const char *text, PmSourceFormat *format_out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		if (strcmp(text, formats[i].name) == 0) {
			*format_out = formats[i].format;
			return TRUE;
		}
	}
	return FALSE;
}

void
pm_source_mail_free(PmSourceMail *mail)
{
	if (mail == NULL)
		return;
	g_clear_pointer(&mail->bytes, g_bytes_unref);
	g_free(mail->path);
	g_free(mail->key);
	g_free(mail->position);
	g_free(mail);
}

PmSource *
pm_source_new(const char *const *paths, PmSourceFormat format, size_t size_max)
{
	PmSource *source = g_new0(PmSource, 1);

	source->tree = pm_tree_new(paths);
	source->format = format;
	source->size_max = size_max;
	return source;
}

void
pm_source_set_feed(PmSource *source, const PmSourceFeed *feed)
{
	source->feed = *feed;
}

static void
close_file(PmSource *source)
{
	g_clear_pointer(&source->inbox, pm_inbox_free);
	if (source->reader != NULL)
		source->done += pm_reader_bytes_read(source->reader);
	g_clear_pointer(&source->reader, pm_reader_free);
	g_clear_pointer(&source->mbox, pm_mbox_free);
	pm_tree_file_clear(&source->file);
}

void
pm_source_free(PmSource *source)
{
	if (source == NULL)
		return;
	close_file(source);
	pm_tree_free(source->tree);
	g_free(source);
}

void
pm_source_progress(const PmSource *source, guint64 *done_out, guint64 *total_out)
{
	if (source->inbox != NULL) {
		pm_inbox_progress(source->inbox, done_out, total_out);
		return;
	}
	*done_out = source->done;
	if (source->reader != NULL)
		*done_out += pm_reader_bytes_read(source->reader);
	*total_out = pm_tree_total(source->tree);
}

/* Enough to see a From_ line behind a few blank lines. */
#define BEGINNING (4 * PM_FROM_LINE_MAX)
/* So much is looked through for other mails where the beginning is none of an mbox. */
#define REMNANT (64 * 1024)

/* One mail by the place or the name of its file. */
static gboolean
is_single(const PmTreeFile *file)
{
	return file->is_maildir || g_str_has_suffix(file->path, ".eml") ||
	       g_str_has_suffix(file->path, ".patch");
}

static gboolean
find_is_mbox(PmSource *source, gboolean *is_mbox_out, GError **error)
{
	const char *data = NULL;
	size_t len = 0;

	switch (source->format) {
	case PM_SOURCE_MBOX:
	case PM_SOURCE_MBOXO:
	case PM_SOURCE_MBOXRD:
		*is_mbox_out = TRUE;
		return TRUE;
	case PM_SOURCE_MAILDIR:
	case PM_SOURCE_EML:
	case PM_SOURCE_PUBLIC_INBOX:
		*is_mbox_out = FALSE;
		return TRUE;
	case PM_SOURCE_AUTO:
		break;
	}
	if (!pm_reader_peek(source->reader, BEGINNING, &data, &len, error))
		return FALSE;
	*is_mbox_out = !source->file.is_maildir && pm_mbox_is_beginning(data, len);
	if (*is_mbox_out || is_single(&source->file))
		return TRUE;
	if (!pm_reader_peek(source->reader, REMNANT, &data, &len, error))
		return FALSE;
	*is_mbox_out = pm_mbox_is_remnant(data, len);
	return TRUE;
}

static gboolean
set_no_inbox(PmSource *source, GError **error)
{
	g_set_error(
		error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
		"could not read %s: no public-inbox; it has neither git/0.git nor the "
		"commits of one",
		source->file.path);
	return FALSE;
}

/* A directory with git repositories: an inbox, or one to be walked like any other. */
static gboolean
open_repositories(PmSource *source, GError **error)
{
	gboolean is_wanted = source->format == PM_SOURCE_PUBLIC_INBOX;
	gboolean is_inbox = FALSE;
	g_autoptr(GError) failure = NULL;

	if (!is_wanted && source->format != PM_SOURCE_AUTO) {
		pm_tree_walk(source->tree, source->file.path);
		return TRUE;
	}
	gboolean is_bare = pm_inbox_is_bare(source->file.path);
	gboolean is_checked = pm_inbox_check(source->file.path, &is_inbox, &failure);
	/* A working tree that git does not know is still a directory with files. */
	if (!is_checked && (is_wanted || is_bare)) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	if (is_inbox || is_wanted) {
		source->inbox = pm_inbox_open(source->file.path, &source->feed,
					      source->size_max, error);
		return source->inbox != NULL;
	}
	if (is_bare)
		return set_no_inbox(source, error);
	pm_tree_walk(source->tree, source->file.path);
	return TRUE;
}

/* Opens the next file. FALSE with error unset where there is none. */
static gboolean
open_next_file(PmSource *source, GError **error)
{
	gboolean is_mbox = FALSE;

	pm_tree_file_clear(&source->file);
	if (!pm_tree_next(source->tree, &source->file, error))
		return FALSE;
	if (source->file.is_repository)
		return open_repositories(source, error);
	if (source->format == PM_SOURCE_PUBLIC_INBOX)
		return set_no_inbox(source, error);
	source->reader = pm_reader_open(source->file.path, error);
	if (source->reader == NULL || !find_is_mbox(source, &is_mbox, error))
		return FALSE;
	if (is_mbox)
		source->mbox = pm_mbox_new(source->format, source->size_max);
	return TRUE;
}

/* The whole file as one mail; NULL with error unset where it is empty. */
static PmSourceMail *
read_single(PmSource *source, GError **error)
{
	g_auto(PmSpool) spool = {0};
	g_autoptr(PmSourceMail) mail = g_new0(PmSourceMail, 1);
	const char *data = NULL;
	size_t len = 0;

	pm_spool_init(&spool, source->size_max);
	do {
		if (!pm_reader_peek(source->reader, 1, &data, &len, error))
			return NULL;
		pm_spool_add(&spool, data, len);
		pm_reader_consume(source->reader, len);
	} while (len > 0);

	mail->number = 1;
	mail->bytes = pm_spool_take(&spool, &mail->size, &mail->is_cut);
	return mail->size > 0 ? g_steal_pointer(&mail) : NULL;
}

/* The next mail of an mbox; NULL with error unset at its end. */
static PmSourceMail *
read_mbox(PmSource *source, gboolean *is_end_out, GError **error)
{
	PmSourceMail *mail = NULL;
	const char *data = NULL;
	size_t len = 0;

	while (mail == NULL) {
		if (!pm_reader_peek(source->reader, 1, &data, &len, error)) {
			g_prefix_error(error, "in mail %" G_GUINT64_FORMAT ": ",
				       pm_mbox_number(source->mbox));
			return NULL;
		}
		if (len == 0) {
			*is_end_out = TRUE;
			return pm_mbox_finish(source->mbox);
		}
		pm_reader_consume(source->reader,
				  pm_mbox_push(source->mbox, data, len, &mail));
	}
	return mail;
}

PmSourceMail *
pm_source_next(PmSource *source, GError **error)
{
	g_autoptr(GError) local = NULL;
	PmSourceMail *mail = NULL;

	while (mail == NULL && local == NULL) {
		gboolean is_end = TRUE;

		gboolean is_open = source->reader != NULL || source->inbox != NULL;
		if (!is_open && !open_next_file(source, &local)) {
			close_file(source);
			if (local == NULL)
				return NULL;
			break;
		}
		if (source->inbox != NULL) {
			/* What is damaged in it may leave the rest readable. */
			mail = pm_inbox_next(source->inbox, &is_end, &local);
		} else if (source->reader == NULL) {
			continue;
		} else if (source->mbox != NULL) {
			is_end = FALSE;
			mail = read_mbox(source, &is_end, &local);
		} else {
			mail = read_single(source, &local);
		}
		if (mail != NULL && mail->path == NULL)
			mail->path = g_strdup(source->file.path);
		if (is_end || (local != NULL && source->inbox == NULL))
			close_file(source);
	}
	if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	return mail;
}
