/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/store/store.h"

/*
 * What somebody decides about series where no rule can know. It is done and recorded
 * in one transaction, with the events that follow; from then on later mails extend the
 * series concerned, and no rule changes them. A word that names a series is its id, or the
 * Message-ID of a patch or cover in it.
 */
typedef enum {
	PM_DECISION_MERGE, /* the mails of the series object go to subject */
	PM_DECISION_SPLIT, /* mails of the series subject go to a new one */
	PM_DECISION_MOVE,  /* the patch or cover subject goes to the series object */
} PmDecisionVerb;

typedef struct {
	PmDecisionVerb verb;
	const char *project; /* linkname; NULL: the one that has such a mail */
	const char *subject, *object;
	const char *const *mails; /* split: Message-IDs */
	int number;		  /* move: the number there; 0: its own */
	gboolean dry_run;	  /* nothing is changed, moved is called all the same */
} PmDecision;

/*
 * Tells moved (nullable) of each mail that goes elsewhere; series 0 is one yet to be made.
 * id_out: the number of the decision, 0 where dry_run. PM_ERROR_PERMANENT_INPUT with a
 * sentence where it cannot be; else fails as pm_pg_sync().
 */
gboolean pm_decide(PmStore *store, const PmDecision *decision, PmStoreMoved moved,
		   gpointer user_data, int *id_out, GError **error);

/*
 * Puts the mails of a decision back to where they were, and lets the rules decide again.
 * PM_ERROR_PERMANENT_INPUT where there is no such decision, or a later one about the same
 * series, which has to be undone first.
 */
gboolean pm_decide_undo(PmStore *store, int id, gboolean dry_run, PmStoreMoved moved,
			gpointer user_data, GError **error);
