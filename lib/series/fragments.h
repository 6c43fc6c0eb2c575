/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

#include "lib/series/correlate.h"

/*
 * Fragments of series while they are being put together; for the files of the
 * correlator only. In the beginning every submission is a fragment of its own;
 * rules.c joins them, number.c and lineage.c read the result.
 *
 * Submissions are known by their place in canonical order (date, then
 * Message-ID), so that nothing depends on the order in which they were passed.
 */

/* No submission: of anchors and covers. */
#define PM_NOBODY G_MAXUINT

/* A title of a shortlog. */
typedef struct {
	guint64 hash;
	guint position; /* from 1 */
} PmListed;

typedef struct {
	const PmFact *fact;
	guint index;	    /* in the array passed to pm_correlate() */
	guint anchor;	    /* nearest submission upwards, or PM_NOBODY */
	guint fragment;	    /* the one it is in */
	gint64 place;	    /* number and fraction in one, see pm_place() */
	guint64 title;	    /* hash of the title, 0 where it is empty */
	PmListed *shortlog; /* cover: by hash, made at first use */
	guint n_shortlog;
	const char *rule; /* static: what joined it last */
} PmMember;

typedef struct {
	guint *patches; /* members by place; &one as long as there is only one */
	guint n_patches, n_reserved, one;
	guint cover;		/* or PM_NOBODY */
	guint first;		/* its earliest member */
	gboolean is_gone;	/* joined to another */
	gboolean is_unnumbered; /* a patch without n/m: joins only where a slot is free */
	gboolean has_equals;	/* a number is there twice: numbers are ranks */
	gboolean has_version;
	int version, total, fixed_series;
	const char *version_text;
	guint last_clash; /* a fragment known not to fit */
} PmFragment;

typedef struct {
	const PmFact *facts;
	PmMember *members;     /* in canonical order */
	PmFragment *fragments; /* fragment i began with member i */
	guint n;
} PmFragments;

/* Every fact by itself, those of one fixed series together. */
void pm_fragments_init(PmFragments *all, const PmFact *facts, guint n);
void pm_fragments_clear(PmFragments *all);

/*
 * Whether the fragments of members a and b can be one series: no number twice,
 * one cover, one total, one version, one fixed series at most. lends_version: a
 * fragment without a version in its subjects takes that of the other.
 */
gboolean pm_fragments_fit(PmFragments *all, guint a, guint b, gboolean lends_version);

/* Remembers that the fragments of a and b do not fit, and never will. */
void pm_fragments_clash(PmFragments *all, guint a, guint b);

/* Joins the fragments of a and b, whether they fit or not. rule is static. */
void pm_fragments_join(PmFragments *all, guint a, guint b, const char *rule);

/* The fragment of a member. */
static inline PmFragment *
pm_fragment_of(const PmFragments *all, guint member)
{
	return &all->fragments[all->members[member].fragment];
}

/* Place of a patch in its series: 1 < 1.5 < 2. */
gint64 pm_place(int number, int fraction);
int pm_place_number(gint64 place);
gboolean pm_place_is_fraction(gint64 place);

/* Whether a patch of the fragment has that place. */
gboolean pm_fragment_has_place(const PmFragments *all, const PmFragment *fragment,
			       gint64 place);

/* Whether 1 to total are all there. */
gboolean pm_fragment_is_complete(const PmFragments *all, const PmFragment *fragment);

/* At which place of the cover's shortlog the title of the patch is, from 1; 0: not there.
 */
guint pm_cover_position(PmFragments *all, guint cover, guint patch);

/* Whether the prefixes are equal, or one set is within the other. is_strict: equal only.
 */
gboolean pm_prefixes_agree(const PmFact *a, const PmFact *b, gboolean is_strict);

/* Seconds between two dates, whatever they are. */
guint64 pm_date_gap(gint64 a, gint64 b);

/* rules.c: joins what the evidence joins. without (nullable): a rule to leave out. */
void pm_rules_apply(PmFragments *all, const char *without);

/* number.c: numbers of the patches of a fragment, 1.. and rising. Returns the total. */
int pm_number_patches(const PmFragments *all, const PmFragment *fragment, int *numbers);

/* lineage.c: fills supersedes of each group. */
void pm_lineage(const PmFragments *all, PmGrouping *grouping);
