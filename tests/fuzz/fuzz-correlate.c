/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which series: any facts, also such as no store would make, give a grouping that is
 * whole; the same one in whatever order they are passed; and one that stays, once it is
 * stored. The bytes are decisions: what each submission says of itself and whom it answers.
 */
#include <string.h>

#include "lib/series/why.h"
#include "tests/fuzz/bytes.h"
#include "tests/fuzz/target.h"
#include "tests/unit/correlate-language.h"

#define FACTS_MAX 40
#define SHORTLOG_MAX 6

/* Numbers and totals are ints. */
#define AS_INT(number) ((int)CLAMP((number), G_MININT, G_MAXINT))

typedef struct {
	PmFact facts[FACTS_MAX];
	char ids[FACTS_MAX][8];
	const char *prefixes[FACTS_MAX][4], *shortlogs[FACTS_MAX][SHORTLOG_MAX + 1];
	guint n;
} Cluster;

static const char *const titles[] = {
	"index: learn to walk",
	"Index:  learn to  WALK",
	"index: learn to walk a block",
	"[PATCH 2/2]: index: learn to walk",
	"[patch",
	"",
	"a",
	"b",
	"c",
	"\xc3\xa9",
	NULL,
};
static const char *const authors[] = {"alice", "bob", "carol", NULL};
static const char *const runs[] = {NULL, "r1", "r2", "r3"};
static const char *const changes[] = {NULL, NULL, NULL, "ch1", "ch2"};
static const char *const trees[] = {"net", "rfc", "resend", "next"};
static const char *const versions[] = {
	NULL, NULL, NULL, "5.1", "5.", "5.99999999999999999999", ".", "x"};
static const char *const ghosts[] = {"bug", "list"};

#define ONE_OF(bytes, list) ((list)[next_below(bytes, G_N_ELEMENTS(list))])

/* One of the submissions, or one that nobody has seen, or none. */
static const char *
any_id(const Cluster *cluster, Bytes *bytes, guint own)
{
	guint choice = next_byte(bytes) % (cluster->n + 4);

	if (choice < cluster->n && choice != own)
		return cluster->ids[choice];
	return choice < cluster->n + G_N_ELEMENTS(ghosts) && choice >= cluster->n
		       ? ghosts[choice - cluster->n]
		       : NULL;
}

static void
set_lists(Cluster *cluster, Bytes *bytes, guint i)
{
	guint chosen = next_byte(bytes), n = 0;

	for (guint k = 0; k < G_N_ELEMENTS(trees) && n < 3; k++)
		if ((chosen & (1U << k)) != 0)
			cluster->prefixes[i][n++] = trees[k];
	cluster->facts[i].prefixes = (chosen & 0x10) ? NULL : cluster->prefixes[i];
	if (!cluster->facts[i].is_cover || (chosen & 0x20))
		return;
	n = next_below(bytes, SHORTLOG_MAX + 1);
	for (guint k = 0; k < n; k++)
		/* No NULL in the middle. */
		cluster->shortlogs[i][k] =
			titles[next_below(bytes, G_N_ELEMENTS(titles) - 1)];
	cluster->facts[i].shortlog = cluster->shortlogs[i];
}

static void
set_fact(Cluster *cluster, Bytes *bytes, guint i)
{
	PmFact *fact = &cluster->facts[i];
	guint flags = next_byte(bytes);

	fact->msgid = cluster->ids[i];
	fact->is_cover = (flags & 0x03) == 0x03;
	fact->has_number = (flags & 0x0c) != 0 || fact->is_cover;
	fact->has_version = (flags & 0x30) == 0x30;
	fact->is_pull = (flags & 0xc0) == 0xc0;
	fact->date = next_number(bytes);
	if (fact->date >= 0 && fact->date < 16)
		fact->date *= (flags & 0x40) ? 1 : 1800;
	fact->number = fact->is_cover	  ? 0
		       : fact->has_number ? AS_INT(next_number(bytes))
					  : 1;
	fact->total = fact->has_number ? AS_INT(next_number(bytes)) : 1;
	fact->fraction = (flags & 0x80) ? AS_INT(next_number(bytes)) : 0;
	fact->version = fact->has_version ? AS_INT(next_number(bytes)) : 1;
	if (fact->has_version)
		fact->version_text = ONE_OF(bytes, versions);
	fact->title = ONE_OF(bytes, titles);
	fact->submitter = ONE_OF(bytes, authors);
	fact->run = ONE_OF(bytes, runs);
	fact->change_id = ONE_OF(bytes, changes);
	fact->parent = any_id(cluster, bytes, i);
	fact->anchor = any_id(cluster, bytes, i);
	fact->root = any_id(cluster, bytes, i);
	fact->outside = next_below(bytes, 2) != 0;
	fact->thread = (const char *[]){"t1", "t2", "t3"}[next_below(bytes, 3)];
	fact->fixed_series = (flags & 0x90) == 0x90 ? (int)next_below(bytes, 4) : 0;
	set_lists(cluster, bytes, i);
}

/* Ids say nothing about the order in which mails are passed: 7 is prime to FACTS_MAX. */
static void
make_cluster(Cluster *cluster, Bytes *bytes)
{
	memset(cluster, 0, sizeof *cluster);
	cluster->n = next_below(bytes, FACTS_MAX + 1);
	for (guint i = 0; i < cluster->n; i++)
		g_snprintf(cluster->ids[i], sizeof cluster->ids[i], "m%02u",
			   i * 7 % FACTS_MAX);
	for (guint i = 0; i < cluster->n; i++)
		set_fact(cluster, bytes, i);
}

static char *
describe(const PmFact *facts, guint n)
{
	g_autoptr(PmGrouping) grouping = pm_correlate(facts, n);

	return pm_lines_describe(facts, n, grouping);
}

static void
assert_same_in_other_order(const Cluster *cluster, guint32 seed, const char *want)
{
	PmFact facts[FACTS_MAX];
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);

	memcpy(facts, cluster->facts, sizeof facts);
	for (guint i = cluster->n; i > 1; i--) {
		guint k = (guint)g_rand_int_range(random, 0, (gint32)i);
		PmFact other = facts[k];

		facts[k] = facts[i - 1];
		facts[i - 1] = other;
	}
	g_autofree char *got = describe(facts, cluster->n);
	g_assert_cmpstr(got, ==, want);
}

/* What was stored as series and is kept as it is gives these series again. */
static void
assert_lasting(const Cluster *cluster, const PmGrouping *grouping)
{
	PmFact facts[FACTS_MAX];

	memcpy(facts, cluster->facts, sizeof facts);
	for (guint i = 0; i < cluster->n; i++)
		facts[i].fixed_series = (int)grouping->placements[i].group + 1;
	g_autoptr(PmGrouping) again = pm_correlate_groups(facts, cluster->n);
	g_autoptr(PmGrouping) links = pm_correlate_revisions(facts, cluster->n);
	g_assert_cmpuint(again->n_groups, ==, grouping->n_groups);
	g_assert_cmpuint(links->n_groups, ==, grouping->n_groups);
	for (guint i = 0; i < cluster->n; i++) {
		g_assert_cmpuint(again->placements[i].group, ==,
				 grouping->placements[i].group);
		g_assert_cmpuint(links->placements[i].group, ==,
				 grouping->placements[i].group);
	}
}

static void
assert_explained(const Cluster *cluster, const PmGrouping *grouping, guint choice)
{
	if (cluster->n == 0)
		return;
	g_autofree char *why = pm_why_not(cluster->facts, grouping, choice % cluster->n,
					  choice % grouping->n_groups);
	g_assert_true(g_utf8_validate(why, -1, NULL) && *why != '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Cluster cluster;
	Bytes bytes = {data, size};
	guint32 seed = next_byte(&bytes);

	make_cluster(&cluster, &bytes);
	g_autoptr(PmGrouping) grouping = pm_correlate(cluster.facts, cluster.n);
	g_autofree char *want = pm_lines_describe(cluster.facts, cluster.n, grouping);
	for (guint i = 0; i < grouping->n_groups; i++) {
		g_assert_cmpint(grouping->groups[i].supersedes, !=, (int)i);
		g_assert_cmpint(grouping->groups[i].supersedes, <,
				(int)grouping->n_groups);
	}
	assert_same_in_other_order(&cluster, seed, want);
	assert_lasting(&cluster, grouping);
	assert_explained(&cluster, grouping, seed);
	return 0;
}
