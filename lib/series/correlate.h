/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Which submissions form which series: a pure function of the set of facts. The
 * same set gives the same grouping in whatever order it is passed, in however many
 * steps it became known. No SQL, no clock, no randomness. lib/README.md has the rules.
 */

/* One submission (patch or cover) of one project, as far as grouping needs it.
 * All strings are borrowed for the call, valid UTF-8. */
typedef struct {
	const char *msgid;
	const char *anchor; /* nearest submission of this set upwards; or NULL */
	const char *parent; /* the id it answers directly, seen or not; or NULL */
	const char *root;   /* the oldest id it refers to, seen or not; or NULL */
	gboolean outside;   /* parent is set and no submission of this project (a ghost,
			       or a mail of discussion) */
	const char *thread; /* equal within a thread (through ghosts); never NULL */
	gboolean is_cover;
	gboolean has_version, has_number;
	int version;
	const char *version_text; /* PmSubject.version_text */
	int number, fraction, total;
	const char *const *prefixes; /* strv, maybe NULL */
	const char *title;
	const char *submitter;	     /* email, lower case */
	gint64 date;		     /* seconds since 1970 */
	const char *run;	     /* pm_idrun(), or NULL */
	const char *change_id;	     /* or NULL */
	const char *const *shortlog; /* cover: titles; maybe NULL */
	gboolean is_pull;	     /* its subject says that it is a pull request */
	int fixed_series; /* id of the series it may never leave (Patchwork's own or
			     worked on), else 0 */
} PmFact;

/* Where one submission belongs. */
typedef struct {
	guint group;	  /* index into PmGrouping.groups */
	int number;	  /* 1.. for patches, 0 for the cover */
	const char *rule; /* static: name of the rule that joined it last, for explain;
			     pm_correlate_rule_help() says what it means */
} PmPlacement;

/* One ideal series. */
typedef struct {
	int version, total;
	int cover; /* index of the fact, -1: none */
	guint n_patches;
	guint *patches;	      /* indices of facts, by number */
	gboolean is_complete; /* numbers 1..total are all there */
	int fixed_series;     /* the one of its members, else 0 */
	int supersedes; /* index of the group that this one replaces, -1: none known */
	const char *supersedes_reason; /* static, or NULL */
} PmGroup;

typedef struct {
	guint n_facts, n_groups;
	PmPlacement *placements; /* one per fact, in the order passed */
	PmGroup *groups;	 /* ordered by their first member's (date, msgid) */
} PmGrouping;

/*
 * Groups facts[0, n) and links the groups of this call. msgids must be distinct.
 * (transfer full), never NULL.
 */
PmGrouping *pm_correlate(const PmFact *facts, guint n);

/* The same without links: all of supersedes is -1. */
PmGrouping *pm_correlate_groups(const PmFact *facts, guint n);

/*
 * Only links: every fact has the fixed_series it was grouped into, and stays there. So
 * that series are found that are replaced by one of another cluster (same title or
 * change-id, other thread), of which nothing else is decided together.
 */
PmGrouping *pm_correlate_revisions(const PmFact *facts, guint n);

/* By which titles that count as one are looked up, whatever their case and blanks; 0:
 * it is empty. */
gint64 pm_correlate_title_key(const char *title);
void pm_grouping_free(PmGrouping *grouping);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmGrouping, pm_grouping_free)

/* As pm_correlate(), as if there were no rule of that name: what would be without it. */
PmGrouping *pm_correlate_without(const PmFact *facts, guint n, const char *rule);

/* The names of the rules, strongest first; NULL: there are no more. (transfer none) */
const char *pm_correlate_rule(guint i);

/* What the rule of that name says, in a phrase; NULL: no such rule. (transfer none) */
const char *pm_correlate_rule_help(const char *rule);

/* Seconds between unthreaded mails that may be linked; the store loads so much around. */
#define PM_CORRELATE_WINDOW (24 * 3600)
