/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/series/fragments.h"

/*
 * The pairs of submissions that a rule looks at; for the correlator only. Bounded:
 * a submission meets at most a few dozen others, however large the cluster is.
 */
typedef enum {
	PM_OVER_ANCESTORS =
		1 << 0,		   /* it and the nearest submission upwards that passes */
	PM_OVER_SIBLINGS = 1 << 1, /* answers to one mail, seen or not */
	PM_OVER_RUNS = 1 << 2,	   /* equal run */
	PM_OVER_CHANGES = 1 << 3,  /* equal change-id */
	PM_OVER_THREADS = 1 << 4,  /* equal thread and submitter */
	PM_OVER_AUTHORS = 1 << 5,  /* equal submitter and version, wherever */
	PM_OVER_COVERS = 1 << 6,   /* a cover without patches and what is near in time */
} PmOver;

/* The submissions of a pair. Where it matters, a is the one that joins b. */
typedef struct {
	guint64 gap;	/* seconds between them */
	gboolean falls; /* the later one has the lower number */
	guint a, b;
} PmPair;

/* Whether a pair is worth keeping. */
typedef gboolean (*PmPairTest)(PmFragments *all, guint a, guint b, gconstpointer data);

/*
 * Appends those pairs over `over` (flags) of different fragments, at most window
 * seconds apart (0: any), that pass the test, and sorts them: the smallest gap
 * first, then rising numbers, then canonical order.
 */
void pm_pairs_collect(PmFragments *all, guint over, guint64 window, PmPairTest test,
		      gconstpointer data, GArray *pairs);
