/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * The rules by which fragments become series, strongest first. Each is applied to
 * the end before the next one begins: all pairs it holds for, the smallest gap in
 * time first, and each pair joins its two fragments if they still fit. What a
 * strong rule joined therefore takes the slot before a weak one may ask for it.
 *
 *	same run, near  >  same run  >  near in the thread, known  >  same thread
 *	  >  near, another author  >  grown  >  covers  >  unthreaded  >  slots
 *
 * Only "cover of these patches" and "continues unthreaded" guess; they hold until
 * something stronger is known.
 */
#include "lib/series/evidence.h"
#include "lib/series/pairs.h"

#include <string.h>

#define HOUR 3600
#define DAY (24 * HOUR)
#define NEAR (PM_OVER_ANCESTORS | PM_OVER_SIBLINGS)

typedef gboolean (*Question)(PmFragments *all, guint a, guint b);

/* How two fragments must fit. */
typedef enum {
	FIT,	     /* numbers, cover, total, version */
	FIT_LENDING, /* the same; none in the subject takes the version of the other */
	FIT_ASKED,   /* the question knows */
} Fit;

typedef struct {
	const char *name;
	guint over;	/* pairs */
	guint64 window; /* seconds, 0: any */
	Fit fit;
	Question question;
	const char *help;
	void (*before_join)(PmFragments *all, guint a, guint b); /* or NULL */
} Rule;

static const Rule rules[] = {
	{"same run, answer", PM_OVER_ANCESTORS, 0, FIT_LENDING, pm_same_run,
	 "one call of the sending program made both Message-IDs; one answers the other"},
	{"same run, same parent", PM_OVER_SIBLINGS, 0, FIT_LENDING, pm_same_run,
	 "one call of the sending program made both Message-IDs; both answer one mail"},
	{"same run", PM_OVER_RUNS, 0, FIT, pm_same_run_and_prefixes,
	 "one call of the sending program made both Message-IDs"},
	{"same change-id", PM_OVER_CHANGES, 0, FIT, pm_prefixes_fit,
	 "both name the same change-id and version"},
	{"near in the thread", NEAR, 0, FIT, pm_near_and_known,
	 "one answers the other or both answer one mail, by one author or listed in the "
	 "cover's shortlog"},
	{"version of the cover", PM_OVER_ANCESTORS, HOUR, FIT_LENDING,
	 pm_answers_lone_cover,
	 "answers its author's cover within an hour, and no patch of that version does"},
	{"same thread", PM_OVER_THREADS, 7 * DAY, FIT, pm_prefixes_fit,
	 "in one thread, by one author within a week"},
	{"near, another author", NEAR, DAY, FIT, pm_near_and_soon,
	 "answers the cover within a day or a patch within an hour; no shortlog is "
	 "against"},
	{"total grew", PM_OVER_ANCESTORS, 0, FIT_ASKED, pm_grows,
	 "counts on where the series it answers ends, with a larger total"},
	{"cover of these patches", PM_OVER_COVERS, DAY, FIT, pm_cover_belongs,
	 "a cover that nothing answers lists the title, or has no shortlog and is by the "
	 "same author within six hours"},
	{"continues unthreaded", PM_OVER_AUTHORS, PM_CORRELATE_WINDOW, FIT, pm_continues,
	 "same author, version, total, prefixes; dates rise with the numbers, in a day"},
	{"lost its number", PM_OVER_ANCESTORS, 0, FIT_ASKED, pm_has_slot,
	 "has no number; the cover above lists it, or one slot of its run is free",
	 pm_fill_slot},
	{"number given twice", NEAR, DAY, FIT_ASKED, pm_is_misnumbered,
	 "has the number of another patch of the series where just one number is missing",
	 pm_count_by_rank},
};

/* Names that no rule above gives. */
static const struct {
	const char *name, *help;
} others[] = {
	{"alone", "nothing joins it to another submission"},
	{"same stored series", "the database has them in one series that stays as it is"},
};

static gboolean
holds(PmFragments *all, guint a, guint b, gconstpointer data)
{
	const Rule *rule = data;
	if (rule->fit != FIT_ASKED &&
	    !pm_fragments_fit(all, a, b, rule->fit == FIT_LENDING))
		return FALSE;
	return rule->question(all, a, b);
}

static gboolean
is_one_fragment(const PmFragments *all)
{
	for (guint i = 1; i < all->n; i++)
		if (all->members[i].fragment != all->members[0].fragment)
			return FALSE;
	return TRUE;
}

static void
apply(PmFragments *all, const Rule *rule, GArray *pairs)
{
	g_array_set_size(pairs, 0);
	pm_pairs_collect(all, rule->over, rule->window, holds, rule, pairs);
	for (guint i = 0; i < pairs->len; i++) {
		PmPair pair = g_array_index(pairs, PmPair, i);
		if (all->members[pair.a].fragment == all->members[pair.b].fragment ||
		    !holds(all, pair.a, pair.b, rule))
			continue;
		if (rule->before_join)
			rule->before_join(all, pair.a, pair.b);
		pm_fragments_join(all, pair.a, pair.b, rule->name);
	}
}

void
pm_rules_apply(PmFragments *all, const char *without)
{
	g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(PmPair));
	for (size_t i = 0; i < G_N_ELEMENTS(rules) && !is_one_fragment(all); i++)
		if (g_strcmp0(rules[i].name, without) != 0)
			apply(all, &rules[i], pairs);
}

const char *
pm_correlate_rule(guint i)
{
	return i < G_N_ELEMENTS(rules) ? rules[i].name : NULL;
}

const char *
pm_correlate_rule_help(const char *rule)
{
	for (size_t i = 0; rule && i < G_N_ELEMENTS(rules); i++)
		if (strcmp(rules[i].name, rule) == 0)
			return rules[i].help;
	for (size_t i = 0; rule && i < G_N_ELEMENTS(others); i++)
		if (strcmp(others[i].name, rule) == 0)
			return others[i].help;
	return NULL;
}
