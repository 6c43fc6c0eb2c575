/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Which series replaces which. For each series the candidates are those of its
 * thread, with its change-id, or with a title in common:
 *
 *	older version	whoever was sent first; of one author, or with titles in
 *			common (5 % of real v2 carry a date before that of v1)
 *	same version	sent before; same author, total, prefixes and titles (a
 *			resend), or an RFC in the same thread with titles in common
 *
 * The best one: by change-id or thread before by title alone, then one with
 * titles in common or that it answers, then the highest version, then the most
 * titles in common, then the nearest in time.
 * Each series looks at MAX_LOOKS others to each side in order of time.
 */
#include "lib/series/fragments.h"

#include <stdlib.h>
#include <string.h>

#define MAX_LOOKS 60

/* What is asked of a series again and again. */
typedef struct {
	const PmFragment *fragment;
	const PmFact *head; /* cover, else lowest patch */
	guint64 title;	    /* of head */
	guint64 *titles;    /* of the patches, sorted; in one block for all series */
	guint n_titles;
	gint64 minor; /* the 1 of v5.1 */
} Series;

/* How well a candidate suits: compared field by field, from the first. */
typedef struct {
	gboolean is_linked; /* change-id or thread */
	gboolean is_related;
	int version;
	gint64 minor;
	guint n_common;
	guint64 gap; /* seconds between their heads: the less the better */
} Merit;

static int
compare_titles(const void *a, const void *b)
{
	guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;
	return (x > y) - (x < y);
}

static guint
count_common(const Series *a, const Series *b)
{
	guint n = 0;
	for (guint i = 0, k = 0; i < a->n_titles && k < b->n_titles;) {
		if (a->titles[i] < b->titles[k]) {
			i++;
		} else if (a->titles[i] > b->titles[k]) {
			k++;
		} else {
			n += a->titles[i] != 0;
			i++;
			k++;
		}
	}
	return n;
}

static gboolean
have_titles_in_common(const Series *a, const Series *b)
{
	if (a->title && a->title == b->title)
		return TRUE;
	guint common = count_common(a, b);
	return common > 0 && 2 * common >= MIN(a->n_titles, b->n_titles);
}

/* A resend has all patches of what it repeats, or its cover and most of them. */
static gboolean
have_same_titles(const Series *a, const Series *b)
{
	guint common = count_common(a, b), least = MIN(a->n_titles, b->n_titles);
	if (a->title && a->title == b->title)
		return 2 * common >= least;
	return common > 0 && common == least;
}

static gboolean
are_equal(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* Words that say how it is sent, and not which tree it is for. */
static gboolean
is_manner(const char *prefix)
{
	static const char *const manners[] = {"rfc", "rft", "resend", "repost", NULL};
	return g_strv_contains(manners, prefix);
}

static gboolean
has_all_trees(const PmFact *of, const PmFact *in)
{
	static const char *const none[] = {NULL};
	const char *const *wanted = of->prefixes ? of->prefixes : none;
	const char *const *there = in->prefixes ? in->prefixes : none;
	for (; *wanted; wanted++)
		if (!is_manner(*wanted) && !g_strv_contains(there, *wanted))
			return FALSE;
	return TRUE;
}

static gboolean
is_rfc(const PmFact *fact)
{
	return fact->prefixes && g_strv_contains(fact->prefixes, "rfc");
}

/* Sent again: the older one is the one that was sent first. */
static gboolean
is_resend_of(const Series *new, const Series *old, gboolean is_linked)
{
	if (old->fragment->first > new->fragment->first ||
	    !are_equal(new->head->submitter, old->head->submitter) ||
	    !have_same_titles(new, old) || !has_all_trees(new->head, old->head) ||
	    !has_all_trees(old->head, new->head))
		return FALSE;
	gboolean is_promoted = is_linked && is_rfc(old->head) && !is_rfc(new->head);
	return is_promoted || new->fragment->total == old->fragment->total;
}

/* Whether a mail of the new series answers one of the old directly. */
static gboolean
answers(const PmFragments *all, const Series *new, const Series *old)
{
	guint old_id = all->members[old->fragment->first].fragment;
	for (guint i = 0; i <= new->fragment->n_patches; i++) {
		guint member = i < new->fragment->n_patches ? new->fragment->patches[i]
							    : new->fragment->cover;
		guint up = member == PM_NOBODY ? PM_NOBODY : all->members[member].anchor;
		if (up != PM_NOBODY && all->members[up].fragment == old_id)
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_later_version(const Series *new, const Series *old)
{
	if (new->fragment->version != old->fragment->version)
		return new->fragment->version > old->fragment->version;
	return new->minor > old->minor;
}

static gboolean
is_same_version(const Series *new, const Series *old)
{
	return new->fragment->version == old->fragment->version &&new->minor ==
	       old->minor;
}

static gboolean
may_replace(const PmFragments *all, const Series *new, const Series *old,
	    Merit *merit_out)
{
	gboolean by_change = are_equal(new->head->change_id, old->head->change_id);
	gboolean is_linked = by_change || are_equal(new->head->thread, old->head->thread);
	if (is_same_version(new, old)) {
		if (!is_resend_of(new, old, is_linked))
			return FALSE;
	} else if (!is_later_version(new, old)) {
		return FALSE;
	}
	gboolean in_common = have_titles_in_common(new, old);
	gboolean is_author = are_equal(new->head->submitter, old->head->submitter);
	if (!by_change && !in_common && !(is_linked && is_author))
		return FALSE;
	guint n_common = count_common(new, old);
	if (!is_linked && !is_author && n_common < 2)
		return FALSE;

	*merit_out = (Merit){
		.is_linked = is_linked,
		.is_related = by_change || in_common || answers(all, new, old),
		.version = old->fragment->version,
		.minor = old->minor,
		.n_common = n_common,
		.gap = pm_date_gap(new->head->date, old->head->date),
	};
	return TRUE;
}

static int
compare_merits(const Merit *a, const Merit *b)
{
	if (a->is_linked != b->is_linked)
		return a->is_linked - b->is_linked;
	if (a->is_related != b->is_related)
		return a->is_related - b->is_related;
	if (a->version != b->version)
		return a->version < b->version ? -1 : 1;
	if (a->minor != b->minor)
		return a->minor < b->minor ? -1 : 1;
	if (a->n_common != b->n_common)
		return a->n_common < b->n_common ? -1 : 1;
	return (a->gap < b->gap) - (a->gap > b->gap);
}

static const char *
reason_for(const Series *new, const Series *old)
{
	if (are_equal(new->head->change_id, old->head->change_id))
		return "same change-id";
	if (are_equal(new->head->thread, old->head->thread))
		return is_same_version(new, old) ? "sent again in the same thread"
						 : "later version in the same thread";
	return is_same_version(new, old) ? "sent again with the same titles"
					 : "later version with the same titles";
}

static void
find_predecessor(const PmFragments *all, const Series *series, guint n, guint i,
		 PmGrouping *grouping)
{
	guint from = i > MAX_LOOKS ? i - MAX_LOOKS : 0;
	guint to = MIN(n, i + MAX_LOOKS + 1);
	Merit best = {0}, merit = {0};
	for (guint k = from; k < to; k++) {
		PmGroup *group = &grouping->groups[i];
		if (k == i || !may_replace(all, &series[i], &series[k], &merit) ||
		    (group->supersedes >= 0 && compare_merits(&merit, &best) < 0))
			continue;
		best = merit;
		group->supersedes = (int)k;
		group->supersedes_reason = reason_for(&series[i], &series[k]);
	}
}

static gint64
minor_version(const PmFragment *fragment)
{
	const char *dot =
		fragment->version_text ? strchr(fragment->version_text, '.') : NULL;
	return dot ? g_ascii_strtoll(dot + 1, NULL, 10) : 0;
}

static void
describe(const PmFragments *all, guint first, guint64 *titles, Series *series)
{
	const PmFragment *fragment = pm_fragment_of(all, first);
	guint head =
		fragment->cover != PM_NOBODY ? fragment->cover : fragment->patches[0];
	series->fragment = fragment;
	series->head = all->members[head].fact;
	series->title = all->members[head].title;
	series->minor = minor_version(fragment);
	series->titles = titles;
	series->n_titles = fragment->n_patches;
	for (guint i = 0; i < fragment->n_patches; i++)
		titles[i] = all->members[fragment->patches[i]].title;
	qsort(titles, fragment->n_patches, sizeof(guint64), compare_titles);
}

void
pm_lineage(const PmFragments *all, PmGrouping *grouping)
{
	guint n = grouping->n_groups;
	if (n < 2)
		return;

	g_autofree Series *series = g_new0(Series, n);
	g_autofree guint64 *titles = g_new(guint64, all->n);
	guint at = 0, n_titles = 0;
	for (guint i = 0; i < all->n; i++) {
		if (pm_fragment_of(all, i)->first != i)
			continue;
		describe(all, i, titles + n_titles, &series[at]);
		n_titles += series[at++].n_titles;
	}
	for (guint i = 0; i < n; i++)
		find_predecessor(all, series, n, i, grouping);
}
