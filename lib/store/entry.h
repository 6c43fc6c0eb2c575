/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/mail/mail.h"
#include "lib/series/classify.h"
#include "lib/store/catalog.h"

/* How a mail ended. Every mail ends in exactly one, per recipient project. */
typedef enum {
	PM_OUTCOME_NONE, /* not decided yet, or the database was away */
	PM_OUTCOME_PATCH,
	PM_OUTCOME_COVER,
	PM_OUTCOME_COMMENT,
	PM_OUTCOME_HELD,
	PM_OUTCOME_KNOWN,
	PM_OUTCOME_IGNORED,
	PM_OUTCOME_QUARANTINED,
} PmOutcome;

enum { PM_OUTCOME_COUNT = PM_OUTCOME_QUARANTINED + 1 };

/* "patch", "held" ...: for logs, summaries and replies. */
const char *pm_outcome_to_string(PmOutcome outcome);

/*
 * One mail on its way into one project: what arrived, what was read of it, how it
 * ended. Read in parallel (pm_entry_read), then stored by one writer.
 */
typedef struct {
	GBytes *bytes;
	PmMail *mail;		  /* NULL where it could not be read: see reason */
	PmItem *item;		  /* NULL where there is no project or no mail */
	const PmProject *project; /* NULL: no project has this list; owned by catalog */
	PmCatalog *catalog;
	char *headers; /* text of the headers column */
	char *tags;    /* pm_catalog_count_tags() of the content, or NULL */
	char *run;     /* pm_idrun() of the Message-ID, or NULL */
	gint64 sent;   /* the Date, or when it was read: seconds since 1970 */
	guint64 size;  /* as in the source; more than bytes where cut */

	gboolean is_culprit; /* the database refused it: it goes to quarantine */
	PmOutcome outcome;
	char *reason;	       /* why ignored or quarantined; or NULL */
	int row_id, series_id; /* where stored, else 0 */
} PmEntry;

/*
 * Reads bytes (reference taken): parse, route (list_id nullable, as in
 * pm_catalog_route), classify. Needs PM_MAIL_STACK_SIZE of stack. whole_size differs
 * from the length of bytes where the source cut the mail. Never NULL.
 */
PmEntry *pm_entry_read(GBytes *bytes, guint64 whole_size, PmCatalog *catalog,
		       const char *list_id);

/* The same mail for another project (of the same catalog): read once, classified anew.
 * (transfer full) */
PmEntry *pm_entry_for_project(const PmEntry *entry, const PmProject *project);

/* The mail belongs to another project, of catalog, after all. */
void pm_entry_move(PmEntry *entry, PmCatalog *catalog, const PmProject *project);

void pm_entry_free(PmEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmEntry, pm_entry_free)
