/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Which submissions are compared at all. Comparing each with each would be
 * quadratic in what a stranger can send; instead those that have a key in common
 * are sorted next to each other, and each looks at the next MAX_SEEN and keeps
 * the first MAX_KEPT that pass: joining is transitive, so near ones are enough.
 */
#include "lib/series/pairs.h"

#include <string.h>

#define MAX_SEEN 60
#define MAX_KEPT 4

/* How far up a thread the nearest fitting submission is looked for. */
#define MAX_STEPS_UP 16

typedef struct {
	PmFragments *all;
	guint64 window;
	PmPairTest test;
	gconstpointer data;
	GArray *pairs;
} Search;

/* Orders members by a key; equal keys return 0 and stay in canonical order. */
typedef int (*CompareKeys)(const PmFact *a, const PmFact *b);

static gboolean
keep(const Search *search, guint a, guint b)
{
	PmFragments *all = search->all;
	const PmMember *x = &all->members[a], *y = &all->members[b];
	guint64 gap = pm_date_gap(x->fact->date, y->fact->date);
	if (x->fragment == y->fragment || (search->window && gap > search->window) ||
	    !search->test(all, a, b, search->data))
		return FALSE;

	const PmMember *early = a < b ? x : y, *late = a < b ? y : x;
	gint64 first = early->fact->is_cover ? 0 : early->place;
	gint64 second = late->fact->is_cover ? 0 : late->place;
	PmPair pair = {.gap = gap, .falls = first > second, .a = a, .b = b};
	g_array_append_val(search->pairs, pair);
	return TRUE;
}

static void
keep_ancestors(const Search *search)
{
	const PmFragments *all = search->all;
	for (guint i = 0; i < all->n; i++) {
		guint up = all->members[i].anchor;
		for (guint step = 0; up != PM_NOBODY && step < MAX_STEPS_UP; step++) {
			if (keep(search, i, up))
				break;
			up = all->members[up].anchor;
		}
	}
}

static int
compare_parents(const PmFact *a, const PmFact *b)
{
	return g_strcmp0(a->parent, b->parent);
}

static int
compare_runs(const PmFact *a, const PmFact *b)
{
	return g_strcmp0(a->run, b->run);
}

static int
compare_changes(const PmFact *a, const PmFact *b)
{
	return g_strcmp0(a->change_id, b->change_id);
}

static int
compare_threads(const PmFact *a, const PmFact *b)
{
	int order = g_strcmp0(a->submitter, b->submitter);
	return order ? order : g_strcmp0(a->thread, b->thread);
}

static int
compare_authors(const PmFact *a, const PmFact *b)
{
	if (a->version != b->version)
		return a->version < b->version ? -1 : 1;
	return g_strcmp0(a->submitter, b->submitter);
}

static gboolean
has_parent(const PmFact *fact)
{
	return fact->parent != NULL;
}

static gboolean
has_run(const PmFact *fact)
{
	return fact->run != NULL;
}

static gboolean
has_change(const PmFact *fact)
{
	return fact->change_id != NULL;
}

static gboolean
has_submitter(const PmFact *fact)
{
	return fact->submitter != NULL;
}

static const struct {
	PmOver over;
	gboolean (*has_key)(const PmFact *fact);
	CompareKeys compare;
} by_key[] = {
	{PM_OVER_SIBLINGS, has_parent, compare_parents},
	{PM_OVER_RUNS, has_run, compare_runs},
	{PM_OVER_CHANGES, has_change, compare_changes},
	{PM_OVER_THREADS, has_submitter, compare_threads},
	{PM_OVER_AUTHORS, has_submitter, compare_authors},
};

typedef struct {
	const PmMember *members;
	CompareKeys compare;
} Order;

static int
compare_members(const void *a, const void *b, void *user_data)
{
	const Order *order = user_data;
	guint x = *(const guint *)a, y = *(const guint *)b;
	const PmFact *f = order->members[x].fact, *g = order->members[y].fact;
	if (f->total != g->total)
		return f->total < g->total ? -1 : 1;

	int keys = order->compare(f, g);
	if (keys)
		return keys;
	return (x > y) - (x < y);
}

/* Answers of i to the next ones of the bucket [i, end): either may be the one that joins.
 */
static void
keep_next(const Search *search, const guint *bucket, guint i, guint end)
{
	guint kept = 0;
	for (guint k = i + 1; k < end && k <= i + MAX_SEEN && kept < MAX_KEPT; k++)
		if (keep(search, bucket[i], bucket[k]) ||
		    keep(search, bucket[k], bucket[i]))
			kept++;
}

static void
keep_by_key(const Search *search, gboolean (*has_key)(const PmFact *),
	    CompareKeys compare)
{
	const PmMember *members = search->all->members;
	g_autofree guint *sorted = g_new(guint, search->all->n);
	guint n = 0;
	for (guint i = 0; i < search->all->n; i++)
		if (has_key(members[i].fact) &&
		    !pm_fragment_of(search->all, i)->is_unnumbered)
			sorted[n++] = i;

	Order order = {members, compare};
	g_qsort_with_data(sorted, (int)n, sizeof(guint), compare_members, &order);
	guint end = 0;
	for (guint i = 0; i < n; i++) {
		const PmFact *fact = members[sorted[i]].fact;
		for (end = MAX(end, i + 1); end < n; end++) {
			const PmFact *next = members[sorted[end]].fact;
			if (next->total != fact->total || compare(fact, next))
				break;
		}
		keep_next(search, sorted, i, end);
	}
}

static void
keep_around(const Search *search, guint cover)
{
	guint n = search->all->n;
	guint from = cover > MAX_SEEN ? cover - MAX_SEEN : 0;
	guint to = MIN(n, cover + MAX_SEEN + 1);
	for (guint i = from; i < to; i++)
		if (i != cover)
			(void)keep(search, cover, i); /* a miss is nothing special here */
}

static void
keep_near_covers(const Search *search)
{
	for (guint i = 0; i < search->all->n; i++) {
		const PmFragment *fragment = pm_fragment_of(search->all, i);
		if (fragment->cover == i && fragment->n_patches == 0)
			keep_around(search, i);
	}
}

static int
compare_pairs(const void *a, const void *b)
{
	const PmPair *x = a, *y = b;
	if (x->gap != y->gap)
		return x->gap < y->gap ? -1 : 1;
	if (x->falls != y->falls)
		return x->falls ? 1 : -1;

	guint x_first = MIN(x->a, x->b), y_first = MIN(y->a, y->b);
	if (x_first != y_first)
		return x_first < y_first ? -1 : 1;
	guint x_last = MAX(x->a, x->b), y_last = MAX(y->a, y->b);
	return (x_last > y_last) - (x_last < y_last);
}

void
pm_pairs_collect(PmFragments *all, guint over, guint64 window, PmPairTest test,
		 gconstpointer data, GArray *pairs)
{
	Search search = {all, window, test, data, pairs};
	if (over & PM_OVER_ANCESTORS)
		keep_ancestors(&search);
	if (over & PM_OVER_COVERS)
		keep_near_covers(&search);
	for (size_t i = 0; i < G_N_ELEMENTS(by_key); i++)
		if (over & by_key[i].over)
			keep_by_key(&search, by_key[i].has_key, by_key[i].compare);

	g_array_sort(pairs, compare_pairs);
}
