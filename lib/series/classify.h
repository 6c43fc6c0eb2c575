/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/mail/mail.h"
#include "lib/series/project.h"
#include "lib/text/address.h"

/*
 * What a mail is to a project: a pure function of the mail and the project's row.
 * Which series a submission joins, and which one a comment is about, is the
 * correlator's business.
 */
typedef enum {
	PM_KIND_PATCH, /* has a diff or a pull request, is no reply */
	PM_KIND_COVER, /* 0/n, or wrongly numbered: no diff and a shortlog of n titles */
	PM_KIND_COMMENT, /* anything else that may hang below a submission */
	PM_KIND_IGNORED, /* nothing to keep: hint, nothing in it, answers nothing */
	PM_KIND_INVALID, /* cannot be stored: nobody in From ...: quarantine */
} PmKind;

const char *pm_kind_to_string(PmKind kind);

typedef struct {
	PmKind kind;
	char *reason;	   /* a phrase for explain, logs, quarantine: why this kind */
	char *name;	   /* pm_subject_name() */
	PmAddress *author; /* NULL only where INVALID, or IGNORED by the sender's hint */
	const char *author_how; /* static: which header named the author */
} PmItem;

/* Never NULL. (transfer full). Keeps no pointer to its arguments. */
PmItem *pm_classify(const PmMail *mail, const PmProject *project);
void pm_item_free(PmItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmItem, pm_item_free)

/*
 * How the mail was read and what it is, one "key: value" line each (repeated keys for
 * lists), for "patchmail explain" and the golden tests. item may be NULL.
 * (transfer full)
 */
char *pm_explain_mail(const PmMail *mail, const PmItem *item);
