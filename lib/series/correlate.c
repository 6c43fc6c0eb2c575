/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Facts in, series out. The facts are put into canonical order and become
 * fragments of one; the rules join fragments; what is left are the series, which
 * then get their numbers and the one each replaces.
 *
 *	facts -> fragments.c -> rules.c -> number.c -> lineage.c -> grouping
 *	         what fits      evidence.c             v1 <- v2
 *	                        pairs.c
 *
 * lib/README.md tells the rules as a story, rules.c has them as a table.
 */
#include "lib/series/correlate.h"

#include "lib/series/fragments.h"

static void
fill_patches(const PmFragments *all, const PmFragment *fragment, guint at,
	     PmGrouping *grouping)
{
	PmGroup *group = &grouping->groups[at];
	g_autofree int *numbers = g_new(int, fragment->n_patches);
	group->total = pm_number_patches(all, fragment, numbers);
	group->n_patches = fragment->n_patches;
	group->patches = g_new(guint, fragment->n_patches);
	for (guint i = 0; i < fragment->n_patches; i++) {
		guint index = all->members[fragment->patches[i]].index;
		group->patches[i] = index;
		grouping->placements[index].number = numbers[i];
	}
	guint total = (guint)group->total;
	group->is_complete =
		fragment->n_patches >= total && numbers[total - 1] == group->total;
}

static void
fill_group(const PmFragments *all, const PmFragment *fragment, guint at,
	   PmGrouping *grouping)
{
	PmGroup *group = &grouping->groups[at];
	group->version = fragment->version;
	group->fixed_series = fragment->fixed_series;
	group->supersedes = -1;
	group->cover = -1;
	if (fragment->cover != PM_NOBODY)
		group->cover = (int)all->members[fragment->cover].index;
	fill_patches(all, fragment, at, grouping);
}

static PmGrouping *
make_grouping(const PmFragments *all)
{
	PmGrouping *grouping = g_new0(PmGrouping, 1);
	grouping->n_facts = all->n;
	grouping->placements = g_new0(PmPlacement, all->n);
	for (guint i = 0; i < all->n; i++)
		grouping->n_groups += !all->fragments[i].is_gone;
	grouping->groups = g_new0(PmGroup, grouping->n_groups);

	/* A fragment is met at its first member: groups are in their order. */
	g_autofree guint *group_of = g_new0(guint, all->n);
	guint n_groups = 0;
	for (guint i = 0; i < all->n; i++) {
		const PmMember *member = &all->members[i];
		const PmFragment *fragment = pm_fragment_of(all, i);
		if (fragment->first == i) {
			fill_group(all, fragment, n_groups, grouping);
			group_of[member->fragment] = n_groups++;
		}
		grouping->placements[member->index].group = group_of[member->fragment];
		grouping->placements[member->index].rule = member->rule;
	}
	return grouping;
}

static PmGrouping *
correlate(const PmFact *facts, guint n, gboolean joins, gboolean links,
	  const char *without)
{
	PmFragments all = {0};
	pm_fragments_init(&all, facts, n);
	if (joins)
		pm_rules_apply(&all, without);
	PmGrouping *grouping = make_grouping(&all);
	if (links)
		pm_lineage(&all, grouping);
	pm_fragments_clear(&all);
	return grouping;
}

PmGrouping *
pm_correlate(const PmFact *facts, guint n)
{
	return correlate(facts, n, TRUE, TRUE, NULL);
}

PmGrouping *
pm_correlate_groups(const PmFact *facts, guint n)
{
	return correlate(facts, n, TRUE, FALSE, NULL);
}

PmGrouping *
pm_correlate_without(const PmFact *facts, guint n, const char *rule)
{
	return correlate(facts, n, TRUE, TRUE, rule);
}

PmGrouping *
pm_correlate_revisions(const PmFact *facts, guint n)
{
	return correlate(facts, n, FALSE, TRUE, NULL);
}

void
pm_grouping_free(PmGrouping *grouping)
{
	if (!grouping)
		return;
	for (guint i = 0; i < grouping->n_groups; i++)
		g_free(grouping->groups[i].patches);
	g_free(grouping->groups);
	g_free(grouping->placements);
	g_free(grouping);
}
