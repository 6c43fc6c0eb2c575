/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/pace.h"

/* How many mails the next transaction takes. */

static const struct {
	const char *name;
	guint limit, n;
	gint64 usec;
	guint max, want;
} steps[] = {
	{"as it should be", 100, 100, PM_PACE_USEC, 256, 100},
	{"a little slow", 100, 100, PM_PACE_USEC * 5 / 4, 256, 80},
	{"a little fast", 100, 100, PM_PACE_USEC * 4 / 5, 256, 125},
	{"fast: twice as many", 100, 100, 1000, 256, 200},
	{"no time at all", 100, 100, 0, 256, 200},
	{"never above what is allowed", 200, 200, 1000, 256, 256},
	{"nor below what makes sense", 100, 100, 60 * G_USEC_PER_SEC, 256, 8},
	{"but what is allowed comes first", 4, 4, 60 * G_USEC_PER_SEC, 4, 4},
	{"one at a time stays so", 1, 1, 10, 1, 1},
	{"not all tried, fast: as before", 100, 10, 1000, 256, 100},
	{"not all tried, slow: fewer", 100, 50, 2 * PM_PACE_USEC, 256, 25},
	{"the clock stood still or went back", 100, 100, -5, 256, 200},
};

static void
test_steps(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
		PmPace pace = {.limit = steps[i].limit, .max = steps[i].max};

		pm_pace_note(&pace, steps[i].n, steps[i].usec);
		if (pace.limit != steps[i].want)
			g_error("%s: want %u, got %u", steps[i].name, steps[i].want,
				pace.limit);
	}
}

/* Of whatever a mail and a commit cost, a few steps lead to about the right time. */
static void
test_settles(void)
{
	static const struct {
		gint64 mail, commit;
	} costs[] = {{200, 500}, {400, 5000}, {2000, 500}, {9000, 20000}};

	for (guint i = 0; i < G_N_ELEMENTS(costs); i++) {
		gint64 usec = 0;
		PmPace pace;

		pm_pace_init(&pace, 1024);
		for (guint step = 0; step < 20; step++) {
			usec = pace.limit * costs[i].mail + costs[i].commit;
			pm_pace_note(&pace, pace.limit, usec);
		}
		g_assert_cmpint(usec, >, PM_PACE_USEC * 9 / 10);
		g_assert_cmpint(usec, <, PM_PACE_USEC * 11 / 10);
	}
}

/* Where mails cost little and the transaction much, many still go into one. */
static void
test_in_vain(void)
{
	guint mails = 0;
	PmPace pace;

	pm_pace_init(&pace, 256);
	for (guint step = 0; step < 4; step++)
		pm_pace_note(&pace, pace.limit, 10 * 1000);
	g_assert_cmpint(pace.limit, ==, 256);
	for (guint step = 0; step < 100; step++) {
		guint n = pace.limit;

		mails += n;
		pm_pace_note(&pace, n, G_USEC_PER_SEC + n * 100);
	}
	g_assert_cmpint(mails, >, 100 * 256 / 2);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pace/steps", test_steps);
	g_test_add_func("/pace/settles", test_settles);
	g_test_add_func("/pace/in-vain", test_in_vain);
	return g_test_run();
}
