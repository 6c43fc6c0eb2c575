/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/series/fragments.h"

/*
 * What the rules ask of two submissions, a and b, of different fragments; for the
 * correlator only. Each is a question about the evidence; whether the fragments
 * fit is asked apart, except by the last three, which join what does not fit by
 * its numbers.
 */
gboolean pm_same_run(PmFragments *all, guint a, guint b);
gboolean pm_same_run_and_prefixes(PmFragments *all, guint a, guint b);
gboolean pm_prefixes_fit(PmFragments *all, guint a, guint b);

/* Near in the thread, and of one author or listed in the cover's shortlog. */
gboolean pm_near_and_known(PmFragments *all, guint a, guint b);

/* Near in the thread, of another author, close in time and not ruled out by the cover. */
gboolean pm_near_and_soon(PmFragments *all, guint a, guint b);

/* a directly answers the cover b, which has no patches yet and is its author's. */
gboolean pm_answers_lone_cover(PmFragments *all, guint a, guint b);

/* a is a cover without patches; b is in its shortlog, or an author's patch of those
 * hours. */
gboolean pm_cover_belongs(PmFragments *all, guint a, guint b);

/* Both incomplete, dates rise with numbers, references and shortlog do not part them. */
gboolean pm_continues(PmFragments *all, guint a, guint b);

/* a counts on where the series of b ends, with a larger total. */
gboolean pm_grows(PmFragments *all, guint a, guint b);

/* a has no number and there is a slot for it in the series of b. */
gboolean pm_has_slot(PmFragments *all, guint a, guint b);

/* a has a number that b's series has already, and just one other is free. */
gboolean pm_is_misnumbered(PmFragments *all, guint a, guint b);

/* Before a joins b for one of these two reasons. */
void pm_fill_slot(PmFragments *all, guint a, guint b);
void pm_count_by_rank(PmFragments *all, guint a, guint b);
