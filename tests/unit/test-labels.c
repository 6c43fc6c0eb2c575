/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/labels.h"

/* Labels: what stands for a set does not depend on the order of the joins. */

static void
test_alone(void)
{
	g_autoptr(PmLabels) labels = pm_labels_new();
	gint64 first = pm_labels_fresh(labels), second = pm_labels_fresh(labels);

	g_assert_cmpint(first, <, 0);
	g_assert_cmpint(second, <, 0);
	g_assert_cmpint(first, !=, second);
	g_assert_cmpint(pm_labels_find(labels, first), ==, first);
	g_assert_cmpint(pm_labels_find(labels, 17), ==, 17);
}

static const struct {
	const char *name;
	gint64 pairs[4][2];
	gint64 member, want;
} joins[] = {
	{"the smaller id", {{5, 9}}, 9, 5},
	{"the smaller id, turned round", {{9, 5}}, 9, 5},
	{"a stored one before a fresh one", {{-1, 9}}, -1, 9},
	{"the elder of two fresh ones", {{-2, -1}}, -2, -1},
	{"a chain", {{1, 2}, {2, 3}, {3, 4}}, 4, 1},
	{"a chain from its end", {{4, 3}, {3, 2}, {2, 1}}, 4, 1},
	{"through a fresh one", {{9, -1}, {-1, 4}}, 9, 4},
	{"twice the same", {{5, 9}, {9, 5}}, 9, 5},
	{"with itself", {{5, 5}}, 5, 5},
	{"another set", {{5, 9}, {6, 8}}, 8, 6},
};

static void
test_joins(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(joins); i++) {
		g_autoptr(PmLabels) labels = pm_labels_new();

		for (guint j = 0; j < 4 && joins[i].pairs[j][0] != 0; j++)
			(void)pm_labels_join(labels, joins[i].pairs[j][0],
					     joins[i].pairs[j][1]);
		gint64 got = pm_labels_find(labels, joins[i].member);
		if (got != joins[i].want)
			g_error("%s: want %" G_GINT64_FORMAT ", got %" G_GINT64_FORMAT,
				joins[i].name, joins[i].want, got);
	}
}

static void
test_settled(void)
{
	g_autoptr(PmLabels) labels = pm_labels_new();
	gint64 a = pm_labels_fresh(labels), b = pm_labels_fresh(labels);

	(void)pm_labels_join(labels, a, b);
	pm_labels_settle(labels, b, 40);
	g_assert_cmpint(pm_labels_find(labels, a), ==, 40);
	g_assert_cmpint(pm_labels_find(labels, b), ==, 40);
	/* A set that has an id keeps it. */
	pm_labels_settle(labels, a, 30);
	g_assert_cmpint(pm_labels_find(labels, a), ==, 40);
}

/* A thread of 100,000 mails takes neither depth nor quadratic time. */
static void
test_long_chain(void)
{
	g_autoptr(PmLabels) labels = pm_labels_new();
	const gint64 n = 100000;

	for (gint64 i = n; i > 1; i--)
		(void)pm_labels_join(labels, i, i - 1);
	for (gint64 i = 1; i <= n; i++)
		g_assert_cmpint(pm_labels_find(labels, i), ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/labels/alone", test_alone);
	g_test_add_func("/labels/joins", test_joins);
	g_test_add_func("/labels/settled", test_settled);
	g_test_add_func("/labels/long-chain", test_long_chain);
	return g_test_run();
}
