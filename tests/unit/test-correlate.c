/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * The scenarios of correlate-scenarios.h. Each is run in all orders up to six mails, in 200
 * random ones beyond; and each rule is left out in turn, which some scenario must notice.
 */
#include "lib/series/correlate.h"

#include <string.h>

#include "tests/unit/correlate-language.h"
#include "tests/unit/correlate-scenarios.h"

static char *
describe(const PmFact *facts, guint n)
{
	g_autoptr(PmGrouping) grouping = pm_correlate(facts, n);
	return pm_lines_describe(facts, n, grouping);
}

/* What is wanted, without the blanks at the beginning of lines. (transfer full) */
static char *
wanted(const Scenario *scenario)
{
	g_auto(GStrv) lines = g_strsplit(scenario->want, "\n", -1);
	for (char **line = lines; *line; line++)
		g_strstrip(*line);
	return g_strjoinv("\n", lines);
}

static void
check(const Scenario *scenario, const PmFact *facts, guint n)
{
	g_autofree char *got = describe(facts, n);
	g_autofree char *want = wanted(scenario);
	if (strcmp(got, want) == 0)
		return;

	g_autoptr(GString) order = g_string_new(NULL);
	for (guint i = 0; i < n; i++)
		g_string_append_printf(order, " %s", facts[i].msgid);
	g_test_message("%s: order%s\nwant:\n%s\ngot:\n%s", scenario->name, order->str,
		       want, got);
	g_test_fail();
}

static void
swap(PmFact *facts, guint a, guint b)
{
	PmFact fact = facts[a];
	facts[a] = facts[b];
	facts[b] = fact;
}

/* Heap's algorithm. */
static void
check_all_orders(const Scenario *scenario, PmFact *facts, guint n, guint k)
{
	if (k <= 1) {
		check(scenario, facts, n);
		return;
	}
	for (guint i = 0; i < k && !g_test_failed(); i++) {
		check_all_orders(scenario, facts, n, k - 1);
		swap(facts, k % 2 ? 0 : i, k - 1);
	}
}

static void
check_random_orders(const Scenario *scenario, PmFact *facts, guint n)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(n);
	for (guint round = 0; round < 200 && !g_test_failed(); round++) {
		check(scenario, facts, n);
		for (guint i = n; i > 1; i--)
			swap(facts, i - 1, (guint)g_rand_int_range(random, 0, (gint32)i));
	}
}

static void
test_scenario(const void *data)
{
	const Scenario *scenario = data;
	g_autoptr(GArray) lines = pm_lines_read(scenario->mails);
	g_autoptr(GArray) facts = pm_lines_facts(lines, NULL);
	PmFact *first = (PmFact *)facts->data;
	if (facts->len <= 6)
		check_all_orders(scenario, first, facts->len, facts->len);
	else
		check_random_orders(scenario, first, facts->len);
}

static const struct {
	const char *path;
	const Scenario *scenarios;
	size_t n;
} chapters[] = {
	{"versions", versions, G_N_ELEMENTS(versions)},
	{"threads", threads, G_N_ELEMENTS(threads)},
	{"numbers", numbers, G_N_ELEMENTS(numbers)},
	{"stored", stored, G_N_ELEMENTS(stored)},
};

static gboolean
needs_rule(const Scenario *scenario, const char *rule)
{
	g_autoptr(GArray) lines = pm_lines_read(scenario->mails);
	g_autoptr(GArray) facts = pm_lines_facts(lines, NULL);
	const PmFact *first = (const PmFact *)facts->data;
	g_autoptr(PmGrouping) grouping = pm_correlate_without(first, facts->len, rule);
	g_autofree char *got = pm_lines_describe(first, facts->len, grouping);
	g_autofree char *want = wanted(scenario);
	return strcmp(got, want) != 0;
}

/* A rule that no scenario needs is either superfluous or not tested. */
static void
test_rule(const void *data)
{
	const char *rule = data;
	g_autoptr(GString) needing = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(chapters); i++)
		for (size_t k = 0; k < chapters[i].n; k++)
			if (needs_rule(&chapters[i].scenarios[k], rule))
				g_string_append_printf(needing, "\n\t%s",
						       chapters[i].scenarios[k].name);
	g_test_message("%s, needed by:%s", rule, needing->str);
	if (needing->len == 0)
		g_test_fail();
}

static void
add_rules(void)
{
	const char *rule;
	for (guint i = 0; (rule = pm_correlate_rule(i)) != NULL; i++) {
		g_autofree char *path = g_strdup_printf("/correlate/without/%s", rule);
		g_test_add_data_func(path, rule, test_rule);
	}
}

static void
add_scenarios(const char *path, const Scenario *scenarios, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		g_autofree char *name =
			g_strdup_printf("/correlate/%s/%s", path, scenarios[i].name);
		g_strdelimit(name + strlen("/correlate/") + strlen(path) + 1, "/", ':');
		g_test_add_data_func(name, &scenarios[i], test_scenario);
	}
}

static void
test_nothing(void)
{
	g_autoptr(PmGrouping) grouping = pm_correlate(NULL, 0);
	g_assert_cmpuint(grouping->n_groups, ==, 0);
	g_assert_null(pm_correlate_rule_help("no such rule"));
	g_assert_null(pm_correlate_rule_help(NULL));
	g_assert_null(pm_correlate_rule(1000));
}

/* What a fact may hold at worst: nothing but what the header promises. */
static void
test_extremes(void)
{
	static const char *const prefixes[] = {"a", NULL};
	PmFact facts[] = {
		{.msgid = "",
		 .thread = "",
		 .date = G_MININT64,
		 .number = G_MAXINT,
		 .total = G_MININT,
		 .has_number = TRUE},
		{.msgid = "a",
		 .thread = "",
		 .date = G_MAXINT64,
		 .number = G_MAXINT,
		 .fraction = G_MAXINT,
		 .total = G_MAXINT,
		 .has_number = TRUE,
		 .anchor = "b"},
		{.msgid = "b",
		 .thread = "",
		 .number = -1,
		 .total = 0,
		 .has_number = TRUE,
		 .anchor = "a",
		 .parent = "b",
		 .prefixes = prefixes},
		{.msgid = "c",
		 .thread = "",
		 .is_cover = TRUE,
		 .shortlog = prefixes,
		 .anchor = "c",
		 .parent = "c"},
	};
	g_autofree char *text = describe(facts, G_N_ELEMENTS(facts));
	g_assert_nonnull(text);
}

/* One of few values each, so that everything clashes with something. */
static PmFact
random_fact(GRand *random, const char *const *ids, guint n, guint i)
{
	static const char *const words[] = {"t1", "t2", "t3", NULL};
	static const char *const runs[] = {NULL, "r", "s"};
	PmFact fact = {.msgid = ids[i], .thread = words[g_rand_int_range(random, 0, 2)]};
	gint32 up = g_rand_int_range(random, -2, (gint32)n);
	fact.anchor = up < 0 ? NULL : ids[up];
	fact.parent = g_rand_boolean(random) ? fact.anchor : "ghost";
	fact.has_number = g_rand_int_range(random, 0, 5) > 0;
	fact.total = fact.has_number ? g_rand_int_range(random, 2, 5) : 1;
	fact.number = fact.has_number ? g_rand_int_range(random, 0, fact.total + 2) : 1;
	fact.is_cover = fact.has_number && fact.number == 0;
	fact.fraction = g_rand_int_range(random, 0, 9) ? 0 : 5;
	fact.has_version = g_rand_int_range(random, 0, 3) == 0;
	fact.version = fact.has_version ? g_rand_int_range(random, 1, 3) : 1;
	fact.prefixes = g_rand_boolean(random) ? words + 2 : NULL;
	fact.title = words[g_rand_int_range(random, 0, 3)];
	fact.submitter = words[g_rand_int_range(random, 0, 2)];
	fact.date = g_rand_int_range(random, 0, 4) * (g_rand_boolean(random) ? 1 : 9000);
	fact.run = runs[g_rand_int_range(random, 0, 3)];
	fact.shortlog = fact.is_cover && g_rand_boolean(random) ? words : NULL;
	fact.fixed_series =
		g_rand_int_range(random, 0, 8) ? 0 : g_rand_int_range(random, 1, 3);
	return fact;
}

/* Whatever the facts are, their order does not matter, and numbers are distinct. */
static void
test_random(void)
{
	static const char *const ids[] = {"a", "b", "c", "d", "e", "f",
					  "g", "h", "i", "j", "k", "l"};
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	for (guint round = 0; round < 5000; round++) {
		PmFact facts[G_N_ELEMENTS(ids)];
		guint n = (guint)g_rand_int_range(random, 1, G_N_ELEMENTS(ids) + 1);
		for (guint i = 0; i < n; i++)
			facts[i] = random_fact(random, ids, n, i);

		g_autofree char *want = describe(facts, n);
		for (guint i = n; i > 1; i--)
			swap(facts, i - 1, (guint)g_rand_int_range(random, 0, (gint32)i));
		g_autofree char *got = describe(facts, n);
		g_assert_cmpstr(got, ==, want);
	}
}

/* A cluster of 5,000 mails, which a stranger may send, is no matter of seconds. */
static void
test_large(void)
{
	guint n = 5000;
	g_autofree PmFact *facts = g_new0(PmFact, n);
	g_autoptr(GStringChunk) strings = g_string_chunk_new(65536);
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	for (guint i = 0; i < n; i++) {
		g_autofree char *id = g_strdup_printf("%u@example.org", i);
		facts[i].msgid = facts[i].title = g_string_chunk_insert(strings, id);
		facts[i].thread = "t";
		facts[i].submitter = "alice";
		facts[i].parent = facts[i].anchor =
			i ? facts[g_rand_int_range(random, 0, (gint32)i)].msgid : NULL;
		facts[i].version = 1;
		facts[i].has_number = TRUE;
		facts[i].number = g_rand_int_range(random, 1, 40);
		facts[i].total = g_rand_int_range(random, 38, 40);
		facts[i].date = g_rand_int_range(random, 0, 10000);
	}
	gint64 start = g_get_monotonic_time();
	g_autoptr(PmGrouping) grouping = pm_correlate(facts, n);
	gint64 took = g_get_monotonic_time() - start;
	g_test_message("%u mails, %u series, %" G_GINT64_FORMAT " us", n,
		       grouping->n_groups, took);
	g_assert_cmpint(took, <, 5 * G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(chapters); i++)
		add_scenarios(chapters[i].path, chapters[i].scenarios, chapters[i].n);
	add_rules();
	g_test_add_func("/correlate/nothing", test_nothing);
	g_test_add_func("/correlate/extremes", test_extremes);
	g_test_add_func("/correlate/random", test_random);
	g_test_add_func("/correlate/large", test_large);
	return g_test_run();
}
