/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/series/why.h"

#include <string.h>

/* One series of two patches and a cover; what keeps another mail out of it. */

/* n/total of a sender in a thread, sent then; what else there is to say. */
#define FACT(id, n, of, sender, thread_id, then, ...)                                    \
	{                                                                                \
		.msgid = id, .has_number = (of) > 0, .number = n, .total = of,           \
		.submitter = sender, .thread = thread_id, .date = then, .title = "x",    \
		__VA_ARGS__                                                              \
	}
#define V1 .version = 1

typedef struct {
	const char *name;
	PmFact fact;
	const char *want;
} PmCase;

static const char *const net[] = {"net", NULL};
static const char *const bpf[] = {"bpf", NULL};

static const PmCase cases[] = {
	{"version", FACT("v", 2, 2, "ada", "t", 1000, .version = 2, .has_version = TRUE),
	 "its version is 2 and theirs 1; they have a patch 2, <p2>"},
	{"number", FACT("n", 2, 2, "ada", "t", 1000, V1), "they have a patch 2, <p2>"},
	{"total", FACT("t", 3, 3, "ada", "t", 1000, V1),
	 "it is one of 3 and they are of 2"},
	{"no number", FACT("u", 1, 0, "ada", "t", 1000, V1), "it has no number"},
	{"author", FACT("a", 2, 2, "bob", "t", 1000, V1),
	 "they have a patch 2, <p2>; it is by another author"},
	{"thread and time", FACT("o", 2, 2, "ada", "z", 1000 + 4 * 86400, V1),
	 "they have a patch 2, <p2>; it is in no thread with them; it was sent 2 days "
	 "from theirs"},
	{"a run needs no thread", FACT("r", 2, 2, "ada", "z", 1000, V1, .run = "r1"),
	 "they have a patch 2, <p2>"},
	{"cover", FACT("c", 0, 2, "ada", "t", 1000, V1, .is_cover = TRUE),
	 "they have a cover, <c0>"},
	{"prefixes", FACT("p", 2, 2, "ada", "t", 1000, V1, .prefixes = bpf),
	 "they have a patch 2, <p2>; its prefixes are others"},
	{"kept", FACT("f", 2, 2, "ada", "t", 1000, V1, .fixed_series = 7),
	 "they have a patch 2, <p2>; series 7 is kept as it is stored"},
};

static void
test_case(gconstpointer data)
{
	const PmCase *one = data;
	const PmFact facts[] = {
		FACT("<c0>", 0, 2, "ada", "t", 1000, V1, .is_cover = TRUE,
		     .prefixes = net),
		FACT("<p1>", 1, 2, "ada", "t", 1001, V1, .prefixes = net),
		FACT("<p2>", 2, 2, "ada", "t", 2 * 86400, V1, .run = "r1",
		     .prefixes = net),
		one->fact,
	};
	guint patches[] = {1, 2}, own[] = {3};
	PmGroup groups[] = {
		{.version = 1,
		 .total = 2,
		 .cover = 0,
		 .n_patches = 2,
		 .patches = patches},
		{.version = 1, .total = 2, .cover = -1, .n_patches = 1, .patches = own},
	};
	const PmGrouping grouping = {.n_facts = 4, .n_groups = 2, .groups = groups};
	g_autofree char *got = pm_why_not(facts, &grouping, 3, 0);

	g_assert_cmpstr(got, ==, one->want);
}

static void
test_nothing_against(void)
{
	const PmFact facts[] = {FACT("<p2>", 2, 2, "ada", "t", 1000, V1),
				FACT("<p1>", 1, 2, "ada", "t", 1000, V1)};
	guint patches[] = {0};
	PmGroup group = {.version = 1,
			 .total = 2,
			 .cover = -1,
			 .n_patches = 1,
			 .patches = patches};
	const PmGrouping grouping = {.n_facts = 2, .n_groups = 1, .groups = &group};
	g_autofree char *got = pm_why_not(facts, &grouping, 1, 0);

	g_assert_cmpstr(got, ==, "what links them was not enough for any rule");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/why/%s", cases[i].name);

		g_test_add_data_func(path, &cases[i], test_case);
	}
	g_test_add_func("/why/nothing against it", test_nothing_against);
	return g_test_run();
}
