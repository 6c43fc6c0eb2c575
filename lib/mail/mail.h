/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/text/header.h"
#include "lib/text/subject.h"

/*
 * One mail, read: headers decoded, text parts joined into comment and diff.
 * Knows nothing of projects or the database. Everything is owned by the PmMail
 * and must not be changed. The only module that uses GMime (hidden here).
 */

/* Mails beyond these limits are refused with PM_ERROR_PERMANENT_MAIL. */
#define PM_MAIL_PARTS_MAX 10000
#define PM_MAIL_SIZE_MAX (64 * 1024 * 1024)
/* Parsing wants this much stack: GMime copies charset names with alloca. */
#define PM_MAIL_STACK_SIZE (64 * 1024 * 1024)

typedef struct {
	char *type;	/* "text/plain", lower case */
	char *charset;	/* as declared, or NULL */
	char *filename; /* or NULL */
	const char *
		used; /* static: "comment", "diff", "comment and diff", "skipped: HTML" ... */
} PmMailPart;

typedef struct {
	PmHeaders *headers;
	char *msgid; /* with its brackets; made up where the mail has none */
	gboolean is_msgid_made;
	char **refs;	    /* pm_msgid_references() */
	char *subject_text; /* decoded and cleaned; NULL where there is no Subject */
	PmSubject *subject; /* of subject_text, of "" where NULL */
	char **list_ids;    /* pm_list_ids() */
	gboolean has_date;
	gint64 date;	  /* seconds since 1970 UTC, where has_date */
	GString *content; /* the comment, cleaned; maybe empty. In replies and covers
			       (0/n) a diff stays in it */
	GString *diff;	  /* or NULL */
	char *hash;	  /* of diff, or NULL */
	char **files;	  /* touched by diff; maybe empty */
	char *pull_url;	  /* cut to 255 characters, or NULL */
	char **depends_on;
	char *change_id; /* or NULL */
	char **shortlog; /* titles; maybe empty */
	char *hint;	 /* X-Patchwork-Hint, decoded, or NULL */
	char *state;	 /* X-Patchwork-State, or NULL */
	char *delegate;	 /* X-Patchwork-Delegate, or NULL */
	gboolean action_required;
	gboolean is_lossy; /* the text columns do not say all that the mail did: another
			       charset than declared, NULs, parts that are not used */
	gboolean needs_raw; /* is_lossy, or git am would make another commit of the columns */
	GPtrArray *parts;  /* of PmMailPart, in order, for explain */
	size_t size;	   /* bytes as they arrived */
	gint refs_held;	   /* see pm_mail_ref() */
} PmMail;

/* Once, before threads are started and before any other call. */
void pm_mail_init(void);

/*
 * Reads bytes[0, len) (one mail, with or without From_ line; borrowed during the
 * call only). Call it in a thread with PM_MAIL_STACK_SIZE of stack.
 * NULL: beyond the limits above, or nothing that resembles a header
 * (PM_ERROR_PERMANENT_MAIL). Threads may read different mails at once.
 */
PmMail *pm_mail_new(const char *bytes, size_t len, GError **error);
/* One more owner, for a mail that goes into several projects. */
PmMail *pm_mail_ref(PmMail *mail);
/* Gives one owner's claim up; the last one frees. NULL is fine. */
void pm_mail_free(PmMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmMail, pm_mail_free)
