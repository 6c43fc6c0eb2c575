/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Which series replaces which. For each series the candidates are those of its
 * thread, with its change-id, or with a title of the same sender in common:
 *
 *	older version	whoever was sent first (5 % of real v2 carry a date before that
 *			of v1); of one author, or with titles in common
 *	same version	sent before; same author, total, prefixes and titles (a
 *			resend), or an RFC in the same thread with titles in common
 *
 * By titles alone, that is in another thread and without a change-id, only within a year
 * (a resend: a month), only of one author, and never a pull request: those have the same
 * titles each time.
 *
 * The best one: by change-id or thread before by title alone, then one with
 * titles in common or that it answers, then the highest version, then the most
 * titles in common, then the nearest in time.
 *
 * Candidates are looked up by key (thread, change-id, author and title), and each
 * series looks at the MAX_LOOKS nearest in time of each of its keys.
 */
#include "lib/series/fragments.h"

#include <stdlib.h>
#include <string.h>

#define MAX_LOOKS 60

/* Later versions that say so by their titles alone come within this. */
#define TITLE_WINDOW (366 * 24 * 3600)

/* So do resends; "Update the release notes" comes with every release. */
#define RESEND_WINDOW (30 * 24 * 3600)

/* What two series must have in common to be compared. */
typedef struct {
	guint64 key;
	guint series;
} Key;

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

/* How many of the titles from at on are less than that one. */
static guint
skip_titles(const Series *series, guint at, guint64 title)
{
	guint step = 1, low = at, high = at;
	while (high < series->n_titles && series->titles[high] < title) {
		low = high + 1;
		high += step;
		step *= 2;
	}
	high = MIN(high, series->n_titles);
	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (series->titles[middle] < title)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* In leaps, for one of the two may be very much longer. */
static guint
count_common(const Series *a, const Series *b)
{
	guint n = 0;
	for (guint i = 0, k = 0; i < a->n_titles && k < b->n_titles;) {
		if (a->titles[i] < b->titles[k]) {
			i = skip_titles(a, i, b->titles[k]);
		} else if (a->titles[i] > b->titles[k]) {
			k = skip_titles(b, k, a->titles[i]);
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
	guint64 gap = pm_date_gap(new->head->date, old->head->date);
	if (!by_change && !in_common && !(is_linked && is_author))
		return FALSE;
	guint64 window = is_same_version(new, old) ? RESEND_WINDOW : TITLE_WINDOW;
	if (!is_linked && (!is_author || gap > window || new->head->is_pull))
		return FALSE;

	*merit_out = (Merit){
		.is_linked = is_linked,
		.is_related = by_change || in_common || answers(all, new, old),
		.version = old->fragment->version,
		.minor = old->minor,
		.n_common = count_common(new, old),
		.gap = gap,
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

/* The patch of the series at that place, or PM_NOBODY. */
static guint
patch_at(const PmFragments *all, const Series *series, gint64 place)
{
	const PmFragment *fragment = series->fragment;
	guint low = 0, high = fragment->n_patches;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (all->members[fragment->patches[middle]].place < place)
			low = middle + 1;
		else
			high = middle;
	}
	gboolean is_there = low < fragment->n_patches &&
			    all->members[fragment->patches[low]].place == place;
	return is_there ? fragment->patches[low] : PM_NOBODY;
}

/* Only some patches were sent again: each answers the old one of its number, or has its
 * title, and the others are still those of the old series. */
static gboolean
is_partial(const PmFragments *all, const Series *new, const Series *old)
{
	const PmFragment *fragment = new->fragment;
	if (fragment->cover != PM_NOBODY || fragment->total != old->fragment->total ||
	    pm_fragment_is_complete(all, fragment))
		return FALSE;
	for (guint i = 0; i < fragment->n_patches; i++) {
		const PmMember *patch = &all->members[fragment->patches[i]];
		guint twin = patch_at(all, old, patch->place);
		if (twin == PM_NOBODY ||
		    (patch->anchor != twin && patch->title != all->members[twin].title))
			return FALSE;
	}
	return TRUE;
}

static const char *
reason_for(const PmFragments *all, const Series *new, const Series *old)
{
	gboolean by_change = are_equal(new->head->change_id, old->head->change_id);
	gboolean in_thread = are_equal(new->head->thread, old->head->thread);
	if (!is_same_version(new, old) && is_partial(all, new, old))
		return by_change   ? "partial reroll, same change-id"
		       : in_thread ? "partial reroll in the same thread"
				   : "partial reroll with the same titles";
	if (by_change)
		return "same change-id";
	if (in_thread)
		return is_same_version(new, old) ? "sent again in the same thread"
						 : "later version in the same thread";
	return is_same_version(new, old) ? "sent again with the same titles"
					 : "later version with the same titles";
}

static int
compare_keys(const void *a, const void *b)
{
	const Key *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->series > y->series) - (x->series < y->series);
}

static guint64
hash_text(guint64 hash, const char *text)
{
	for (; *text; text++)
		hash = (hash ^ (guchar)*text) * G_GUINT64_CONSTANT(1099511628211);
	return hash;
}

static void
add_key(GArray *keys, guint64 hash, const char *text, guint series)
{
	Key key = {hash_text(hash, text), series};
	g_array_append_val(keys, key);
}

/*
 * A title goes with who sent that patch, and not with the author of the series: so the store
 * looks them up, mail by mail, before it knows which series they will be in. Equal keys of
 * unequal series do no harm: may_replace() looks at the things themselves.
 */
static GArray *
make_keys(const PmFragments *all, const Series *series, guint n)
{
	GArray *keys = g_array_new(FALSE, FALSE, sizeof(Key));
	for (guint i = 0; i < n; i++) {
		const PmFragment *fragment = series[i].fragment;
		const PmFact *head = series[i].head;
		g_assert(head != NULL);
		add_key(keys, 1, head->thread, i);
		if (head->change_id)
			add_key(keys, 2, head->change_id, i);
		if (series[i].title && head->submitter)
			add_key(keys, series[i].title, head->submitter, i);
		for (guint k = 0; k < fragment->n_patches; k++) {
			const PmMember *patch = &all->members[fragment->patches[k]];
			if (patch->title && patch->fact->submitter && patch->fact != head)
				add_key(keys, patch->title, patch->fact->submitter, i);
		}
	}
	g_array_sort(keys, compare_keys);
	return keys;
}

typedef struct {
	const PmFragments *all;
	const Series *series;
	PmGrouping *grouping;
	Merit *best; /* of what each series replaces so far */
} Lineage;

/* Whether it suits series i better than what was found; of equals the earlier one. */
static void
consider(const Lineage *lineage, guint i, guint k)
{
	PmGroup *group = &lineage->grouping->groups[i];
	const Series *new = &lineage->series[i], *old = &lineage->series[k];
	Merit merit = {0};
	if (i == k || group->supersedes == (int)k ||
	    !may_replace(lineage->all, new, old, &merit))
		return;
	int order = group->supersedes < 0 ? 1 : compare_merits(&merit, &lineage->best[i]);
	if (order < 0 || (order == 0 && (int)k > group->supersedes))
		return;
	lineage->best[i] = merit;
	group->supersedes = (int)k;
	group->supersedes_reason = reason_for(lineage->all, new, old);
}

static void
consider_all(const Lineage *lineage, const GArray *keys)
{
	for (guint i = 0; i < keys->len; i++) {
		const Key *key = &g_array_index(keys, Key, i);
		for (guint k = i + 1; k < keys->len && k <= i + MAX_LOOKS; k++) {
			const Key *next = &g_array_index(keys, Key, k);
			if (next->key != key->key)
				break;
			consider(lineage, key->series, next->series);
			consider(lineage, next->series, key->series);
		}
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
	g_autofree Merit *best = g_new0(Merit, n);
	g_autoptr(GArray) keys = make_keys(all, series, n);
	Lineage lineage = {all, series, grouping, best};
	consider_all(&lineage, keys);
}
