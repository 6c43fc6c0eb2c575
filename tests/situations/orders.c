/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * What the lines know of each other after some have arrived is all that decides what
 * happens next. Many orders lead to the same knowledge, mostly one for each set of mails; so
 * a walk over all orders turns back where it has been before, and still has tried all of
 * them. Eight mails have 40,320 orders and a few hundred states.
 *
 * In the end there mostly is one state. Of each the grouping must be that of the first,
 * and must not depend on the order in which the facts are passed.
 */
#include "tests/situations/orders.h"

#include <string.h>

/* All of a line that changes when mails arrive. */
typedef struct {
	guint has_arrived, is_decided, is_open, end;
	gboolean is_outside;
	const char *anchor;
} State;

typedef struct {
	GArray *lines;
	guint n;
	guint *order;	  /* of arrival */
	State *now;	  /* of all lines, to look it up */
	GHashTable *seen; /* of GBytes: states */
	PmFact *facts;
	guint *lines_of,
		*passed; /* submissions, and the order in which they are passed */
	guint n_facts;
	guint *want, *got; /* groupings */
	gsize n_wanted;
	GRand *random;
} Walk;

static PmLine *
at(const Walk *walk, guint i)
{
	return &g_array_index(walk->lines, PmLine, i);
}

static void
save(const Walk *walk, State *states)
{
	memset(states, 0, walk->n * sizeof(State));
	for (guint i = 0; i < walk->n; i++) {
		const PmLine *line = at(walk, i);

		states[i].has_arrived = line->has_arrived != FALSE;
		states[i].is_decided = line->is_decided != FALSE;
		states[i].is_open = line->is_open != FALSE;
		states[i].end = line->end;
		states[i].is_outside = line->fact.outside != FALSE;
		states[i].anchor = line->fact.anchor;
	}
}

static void
restore(const Walk *walk, const State *states)
{
	for (guint i = 0; i < walk->n; i++) {
		PmLine *line = at(walk, i);

		line->has_arrived = states[i].has_arrived != 0;
		line->is_decided = states[i].is_decided != 0;
		line->is_open = states[i].is_open != 0;
		line->end = states[i].end;
		line->fact.outside = states[i].is_outside;
		line->fact.anchor = states[i].anchor;
	}
}

static gboolean
is_new(Walk *walk)
{
	save(walk, walk->now);
	return g_hash_table_add(walk->seen,
				g_bytes_new(walk->now, walk->n * sizeof(State)));
}

/* The series of the facts as they are passed, and where the comments are, in numbers that do
 * not depend on that. */
static gsize
group(const Walk *walk, guint *numbers)
{
	for (guint i = 0; i < walk->n_facts; i++)
		walk->facts[i] = at(walk, walk->lines_of[walk->passed[i]])->fact;
	g_autoptr(PmGrouping) grouping = pm_correlate(walk->facts, walk->n_facts);
	gsize n = 0;

	for (guint i = 0; i < walk->n_facts; i++) {
		numbers[n + 2 * walk->passed[i]] = grouping->placements[i].group;
		numbers[n + 2 * walk->passed[i] + 1] =
			(guint)grouping->placements[i].number;
	}
	n += 2 * (gsize)walk->n_facts;
	for (guint i = 0; i < grouping->n_groups; i++) {
		const PmGroup *one = &grouping->groups[i];

		numbers[n++] = (guint)one->version;
		numbers[n++] = (guint)one->total;
		numbers[n++] = one->cover >= 0 ? walk->passed[one->cover] : G_MAXUINT;
		numbers[n++] = (guint)one->supersedes;
	}
	for (guint i = 0; i < walk->n; i++)
		if (at(walk, i)->is_comment)
			numbers[n++] = at(walk, i)->end;
	return n;
}

static gboolean
is_as_wanted(const Walk *walk)
{
	gsize n = group(walk, walk->got);

	return n == walk->n_wanted &&
	       memcmp(walk->got, walk->want, n * sizeof(guint)) == 0;
}

static void
swap(guint *order, guint a, guint b)
{
	guint other = order[a];

	order[a] = order[b];
	order[b] = other;
}

static void
shuffle(GRand *random, guint *order, guint n)
{
	for (guint i = n; i > 1; i--)
		swap(order, i - 1, (guint)g_rand_int_range(random, 0, (gint32)i));
}

/* Heap's algorithm over the first k facts. */
static gboolean
are_all_as_wanted(const Walk *walk, guint k)
{
	if (k <= 1)
		return is_as_wanted(walk);
	for (guint i = 0; i < k; i++) {
		if (!are_all_as_wanted(walk, k - 1))
			return FALSE;
		swap(walk->passed, k % 2 ? 0 : i, k - 1);
	}
	return TRUE;
}

/* All have arrived: whether the series are those of the first time, however it is asked. */
static gboolean
ends_alike(const Walk *walk)
{
	if (walk->n_facts < PM_ORDERS_ALL)
		return are_all_as_wanted(walk, walk->n_facts);
	for (guint round = 0; round < PM_ORDERS_RANDOM; round++) {
		if (!is_as_wanted(walk))
			return FALSE;
		shuffle(walk->random, walk->passed, walk->n_facts);
	}
	return TRUE;
}

/* Whether all orders that begin with the first k of order, which have arrived, end alike. */
static gboolean
all_end_alike(Walk *walk, guint k)
{
	g_autofree State *before = g_new(State, walk->n);

	if (!is_new(walk))
		return TRUE;
	if (k == walk->n)
		return ends_alike(walk);
	save(walk, before);
	for (guint i = k; i < walk->n; i++) {
		swap(walk->order, k, i);
		pm_lines_arrive(walk->lines, walk->order[k]);
		if (!all_end_alike(walk, k + 1))
			return FALSE;
		restore(walk, before);
		swap(walk->order, k, i);
	}
	return TRUE;
}

static gboolean
random_ones_end_alike(Walk *walk)
{
	for (guint round = 0; round < PM_ORDERS_RANDOM; round++) {
		shuffle(walk->random, walk->order, walk->n);
		pm_lines_forget(walk->lines);
		for (guint i = 0; i < walk->n; i++)
			pm_lines_arrive(walk->lines, walk->order[i]);
		if (is_new(walk) && !ends_alike(walk))
			return FALSE;
	}
	return TRUE;
}

static void
prepare(Walk *walk)
{
	guint n = MAX(walk->n, 1);

	walk->order = g_new(guint, n);
	walk->now = g_new(State, n);
	walk->seen = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
					   (GDestroyNotify)g_bytes_unref, NULL);
	walk->facts = g_new(PmFact, n);
	walk->lines_of = g_new(guint, n);
	walk->passed = g_new(guint, n);
	/* Two numbers of each fact, four of each group, one of each comment. */
	walk->want = g_new(guint, 7 * n);
	walk->got = g_new(guint, 7 * n);
	for (guint i = 0; i < walk->n; i++) {
		walk->order[i] = i;
		if (!at(walk, i)->is_comment)
			walk->lines_of[walk->n_facts++] = i;
	}
	for (guint i = 0; i < walk->n_facts; i++)
		walk->passed[i] = i;
	walk->n_wanted = group(walk, walk->want);
}

static void
clear(Walk *walk)
{
	g_free(walk->now);
	g_hash_table_unref(walk->seen);
	g_free(walk->facts);
	g_free(walk->lines_of);
	g_free(walk->passed);
	g_free(walk->want);
	g_free(walk->got);
	g_rand_free(walk->random);
}

guint *
pm_orders_find_other(GArray *lines, guint32 seed)
{
	Walk walk = {
		.lines = lines, .n = lines->len, .random = g_rand_new_with_seed(seed)};

	prepare(&walk);
	pm_lines_forget(lines);
	gboolean is_alike = walk.n <= PM_ORDERS_ALL ? all_end_alike(&walk, 0)
						    : random_ones_end_alike(&walk);
	clear(&walk);
	if (!is_alike)
		return walk.order;
	g_free(walk.order);
	return NULL;
}
