/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Evidence that two submissions are of one series. Every function looks at two
 * members and their fragments and nothing else; rules.c says in which order they
 * are asked and over which pairs.
 */
#include "lib/series/evidence.h"

#include <string.h>

#define HOUR 3600
#define DAY (24 * HOUR)

/* A cover without shortlog takes patches of its author within this. */
#define BARE_COVER_WINDOW (6 * HOUR)

static const PmFact *
fact_of(const PmFragments *all, guint member)
{
	return all->members[member].fact;
}

static gboolean
same_submitter(const PmFragments *all, guint a, guint b)
{
	const char *x = fact_of(all, a)->submitter, *y = fact_of(all, b)->submitter;
	return x && y && strcmp(x, y) == 0;
}

static gboolean
answers(const PmFragments *all, guint a, guint b)
{
	return g_strcmp0(fact_of(all, a)->parent, fact_of(all, b)->msgid) == 0;
}

gboolean
pm_same_run(PmFragments *all, guint a, guint b)
{
	const char *x = fact_of(all, a)->run, *y = fact_of(all, b)->run;
	return x && y && strcmp(x, y) == 0;
}

gboolean
pm_prefixes_fit(PmFragments *all, guint a, guint b)
{
	return pm_prefixes_agree(fact_of(all, a), fact_of(all, b), FALSE);
}

gboolean
pm_same_run_and_prefixes(PmFragments *all, guint a, guint b)
{
	return pm_same_run(all, a, b) && pm_prefixes_fit(all, a, b);
}

/* A direct answer to the cover or to patch 1 may have a tree of its own in its prefix. */
static gboolean
answers_head(const PmFragments *all, guint a, guint b)
{
	return answers(all, a, b) &&
	       (fact_of(all, b)->is_cover || all->members[b].place == pm_place(1, 0));
}

static gboolean
prefixes_fit_in_thread(PmFragments *all, guint a, guint b)
{
	return pm_prefixes_fit(all, a, b) || answers_head(all, a, b) ||
	       answers_head(all, b, a);
}

/* Of the two: the cover of either's fragment, and the one that is not below it yet. */
static gboolean
find_cover(const PmFragments *all, guint a, guint b, guint *cover_out, guint *patch_out)
{
	guint of_a = pm_fragment_of(all, a)->cover, of_b = pm_fragment_of(all, b)->cover;
	if (of_a == PM_NOBODY && of_b == PM_NOBODY)
		return FALSE;
	*cover_out = of_a != PM_NOBODY ? of_a : of_b;
	*patch_out = of_a != PM_NOBODY ? b : a;
	return TRUE;
}

static gboolean
is_listed(PmFragments *all, guint a, guint b)
{
	guint cover = 0, patch = 0;
	return find_cover(all, a, b, &cover, &patch) &&
	       pm_cover_position(all, cover, patch) > 0;
}

static gboolean
has_word(char *const *words, const char *word)
{
	for (; *words != NULL; words++)
		if (g_ascii_strcasecmp(*words, word) == 0)
			return TRUE;
	return FALSE;
}

/* Half of the words are the same: one title, reworded before it was sent. */
static gboolean
titles_resemble(const char *a, const char *b)
{
	g_auto(GStrv) words_a = g_strsplit(a, " ", 32);
	g_auto(GStrv) words_b = g_strsplit(b, " ", 32);
	guint common = 0;

	for (char **word = words_a; *word != NULL; word++)
		common += has_word(words_b, *word);
	return common >= 2 &&
	       2 * common >= MAX(g_strv_length(words_a), g_strv_length(words_b));
}

/* What the cover lists under the patch's own number is nearly its title. */
static gboolean
is_nearly_listed(const PmFact *cover, const PmFact *patch)
{
	guint n = g_strv_length((char **)cover->shortlog);

	return patch->title != NULL && patch->number >= 1 && (guint)patch->number <= n &&
	       titles_resemble(cover->shortlog[patch->number - 1], patch->title);
}

/* The cover lists as many titles as there are patches, but not this one. */
static gboolean
is_ruled_out(PmFragments *all, guint a, guint b)
{
	guint cover = 0, patch = 0;
	if (!find_cover(all, a, b, &cover, &patch) ||
	    pm_cover_position(all, cover, patch) > 0)
		return FALSE;
	const PmMember *member = &all->members[cover];
	return member->n_shortlog > 0 &&
	       member->n_shortlog >= (guint)member->fact->total &&
	       !is_nearly_listed(member->fact, fact_of(all, patch));
}

gboolean
pm_near_and_known(PmFragments *all, guint a, guint b)
{
	return prefixes_fit_in_thread(all, a, b) &&
	       (same_submitter(all, a, b) || is_listed(all, a, b));
}

gboolean
pm_near_and_soon(PmFragments *all, guint a, guint b)
{
	gboolean is_cover = fact_of(all, a)->is_cover || fact_of(all, b)->is_cover;
	guint64 gap = pm_date_gap(fact_of(all, a)->date, fact_of(all, b)->date);
	return gap <= (is_cover ? DAY : HOUR) && prefixes_fit_in_thread(all, a, b) &&
	       !is_ruled_out(all, a, b);
}

gboolean
pm_answers_lone_cover(PmFragments *all, guint a, guint b)
{
	return fact_of(all, b)->is_cover && pm_fragment_of(all, b)->n_patches == 0 &&
	       answers(all, a, b) && same_submitter(all, a, b) &&
	       pm_prefixes_fit(all, a, b);
}

gboolean
pm_cover_belongs(PmFragments *all, guint a, guint b)
{
	if (pm_fragment_of(all, a)->n_patches > 0 || fact_of(all, b)->is_cover ||
	    !pm_prefixes_fit(all, a, b))
		return FALSE;
	const char *const *shortlog = fact_of(all, a)->shortlog;
	if (shortlog && shortlog[0])
		return pm_cover_position(all, a, b) > 0;

	guint64 gap = pm_date_gap(fact_of(all, a)->date, fact_of(all, b)->date);
	return gap <= BARE_COVER_WINDOW && same_submitter(all, a, b);
}

/* Whether a patch answers a mail of its own fragment directly. */
static gboolean
answers_within(const PmFragments *all, guint patch)
{
	guint anchor = all->members[patch].anchor;
	return anchor != PM_NOBODY &&
	       all->members[anchor].fragment == all->members[patch].fragment &&
	       answers(all, patch, anchor);
}

static gboolean
refers_elsewhere(const PmFragments *all, const PmFragment *fragment)
{
	for (guint i = 0; i < fragment->n_patches; i++)
		if (fact_of(all, fragment->patches[i])->parent &&
		    !answers_within(all, fragment->patches[i]))
			return TRUE;
	return FALSE;
}

static gboolean
refers_within(const PmFragments *all, const PmFragment *fragment)
{
	for (guint i = 0; i < fragment->n_patches; i++)
		if (answers_within(all, fragment->patches[i]))
			return TRUE;
	return FALSE;
}

/*
 * References to the same mail outside make one thread, which an earlier rule has
 * joined; so two fragments that both refer to something are not of one series. Nor
 * are they where one refers elsewhere and the references of the other are whole:
 * nobody rewrote its ids, and the missing parent is another mail.
 */
static gboolean
references_part_them(const PmFragments *all, const PmFragment *f, const PmFragment *g)
{
	gboolean f_elsewhere = refers_elsewhere(all, f);
	gboolean g_elsewhere = refers_elsewhere(all, g);
	return (f_elsewhere && (g_elsewhere || refers_within(all, g))) ||
	       (g_elsewhere && refers_within(all, f));
}

/* Whether the dates of both together rise with the numbers; both are sorted by number. */
static gboolean
dates_rise(const PmFragments *all, const PmFragment *f, const PmFragment *g)
{
	gint64 last = G_MININT64;
	for (guint i = 0, k = 0; i < f->n_patches || k < g->n_patches;) {
		gboolean is_left =
			k == g->n_patches ||
			(i < f->n_patches && all->members[f->patches[i]].place <
						     all->members[g->patches[k]].place);
		guint next = is_left ? f->patches[i++] : g->patches[k++];
		if (fact_of(all, next)->date < last)
			return FALSE;
		last = fact_of(all, next)->date;
	}
	return TRUE;
}

gboolean
pm_continues(PmFragments *all, guint a, guint b)
{
	const PmFragment *f = pm_fragment_of(all, a), *g = pm_fragment_of(all, b);
	if (!pm_prefixes_agree(fact_of(all, a), fact_of(all, b), TRUE) ||
	    is_ruled_out(all, a, b))
		return FALSE;
	if (pm_fragment_is_complete(all, f) || pm_fragment_is_complete(all, g) ||
	    references_part_them(all, f, g) || !dates_rise(all, f, g)) {
		/* All this is still so when they have grown. */
		pm_fragments_clash(all, a, b);
		return FALSE;
	}
	return TRUE;
}

static gboolean
same_version(const PmFragment *f, const PmFragment *g)
{
	return f->version == g->version &&
	       g_strcmp0(f->version_text, g->version_text) == 0;
}

static gboolean
both_fixed(const PmFragment *f, const PmFragment *g)
{
	return f->fixed_series && g->fixed_series;
}

gboolean
pm_grows(PmFragments *all, guint a, guint b)
{
	const PmFragment *f = pm_fragment_of(all, a), *g = pm_fragment_of(all, b);
	if (f->is_unnumbered || g->is_unnumbered || f->cover != PM_NOBODY ||
	    f->n_patches == 0 || g->n_patches == 0 || f->total <= g->total ||
	    both_fixed(f, g))
		return FALSE;

	gint64 first = all->members[f->patches[0]].place;
	gint64 last = all->members[g->patches[g->n_patches - 1]].place;
	return pm_place_number(first) == pm_place_number(last) + 1 &&
	       same_version(f, g) && same_submitter(all, a, b) &&
	       pm_prefixes_fit(all, a, b);
}

/* The only number from 1 to the total that the fragment has no patch of, else 0. */
static int
only_free_slot(const PmFragments *all, const PmFragment *fragment)
{
	if (fragment->n_patches + 1 != (guint)fragment->total)
		return 0;
	for (int number = 1; number < fragment->total; number++) {
		guint patch = fragment->patches[number - 1];
		if (all->members[patch].place != pm_place(number, 0))
			return number;
	}
	return fragment->total;
}

static int
listed_slot(PmFragments *all, const PmFragment *fragment, guint patch)
{
	int slot = (int)pm_cover_position(all, fragment->cover, patch);
	if (slot > fragment->total ||
	    pm_fragment_has_place(all, fragment, pm_place(slot, 0)))
		return 0;
	return slot;
}

static int
find_slot(PmFragments *all, guint a, guint b)
{
	const PmFragment *f = pm_fragment_of(all, a), *g = pm_fragment_of(all, b);
	if (!f->is_unnumbered || f->n_patches != 1 || g->is_unnumbered ||
	    g->cover == PM_NOBODY || both_fixed(f, g))
		return 0;
	gboolean is_one_run = pm_same_run(all, a, b);
	if (!same_version(f, g) && (f->has_version || !is_one_run))
		return 0;

	gboolean listed = pm_cover_position(all, g->cover, a) > 0;
	/* A shortlog that is whole and does not list it says that it is no part. */
	const PmMember *cover = &all->members[g->cover];
	gboolean is_foreign = !listed && cover->n_shortlog > 0 &&
			      cover->n_shortlog >= (guint)cover->fact->total;
	int slot = listed || (is_one_run && !is_foreign) ? only_free_slot(all, g) : 0;
	return slot || !listed ? slot : listed_slot(all, g, a);
}

gboolean
pm_has_slot(PmFragments *all, guint a, guint b)
{
	return find_slot(all, a, b) != 0;
}

void
pm_fill_slot(PmFragments *all, guint a, guint b)
{
	all->members[a].place = pm_place(find_slot(all, a, b), 0);
}

static const PmMember *
namesake(const PmFragments *all, const PmFragment *fragment, gint64 place)
{
	for (guint i = 0; i < fragment->n_patches; i++)
		if (all->members[fragment->patches[i]].place == place)
			return &all->members[fragment->patches[i]];
	return NULL;
}

gboolean
pm_is_misnumbered(PmFragments *all, guint a, guint b)
{
	const PmFragment *f = pm_fragment_of(all, a), *g = pm_fragment_of(all, b);
	if (f->is_unnumbered || g->is_unnumbered || f->cover != PM_NOBODY ||
	    f->n_patches != 1 || f->total != g->total || both_fixed(f, g) ||
	    !same_version(f, g) || !same_submitter(all, a, b) || !only_free_slot(all, g))
		return FALSE;
	/* Two lone patches 1/2 may as well be the beginnings of two series. */
	if (g->cover == PM_NOBODY && g->n_patches < 2 && !pm_same_run(all, a, b))
		return FALSE;

	const PmMember *twin = namesake(all, g, all->members[a].place);
	return twin && twin->title != all->members[a].title && pm_prefixes_fit(all, a, b);
}

void
pm_count_by_rank(PmFragments *all, guint a, guint b)
{
	pm_fragment_of(all, a)->has_equals = TRUE;
	pm_fragment_of(all, b)->has_equals = TRUE;
}
