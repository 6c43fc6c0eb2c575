/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Fragments: what they hold, when two of them fit, and how they are joined.
 *
 * A fragment keeps its patches sorted by place, so that "no number twice" is a
 * search and the finished fragment is the finished series. Fragments only grow:
 * two that have a number in common always will, which is why each remembers the
 * last one that clashed with it. The smaller one is always emptied into the larger one.
 */
#include "lib/series/fragments.h"

#include <stdlib.h>
#include <string.h>

/* Fractions are kept below this; "1.5" is 5 of them behind 1. */
#define FRACTIONS (1 << 20)

/* A number beyond any series, so that counting on from it stays an int. */
#define MAX_NUMBER 1000000

gint64
pm_place(int number, int fraction)
{
	gint64 whole = CLAMP(number, 0, MAX_NUMBER);
	return whole * FRACTIONS + CLAMP(fraction, 0, FRACTIONS - 1);
}

int
pm_place_number(gint64 place)
{
	return (int)(place / FRACTIONS);
}

gboolean
pm_place_is_fraction(gint64 place)
{
	return place % FRACTIONS != 0;
}

guint64
pm_date_gap(gint64 a, gint64 b)
{
	return a > b ? (guint64)a - (guint64)b : (guint64)b - (guint64)a;
}

/* Shortlogs leave out a second "[PATCH]" that was in the title of a commit, and what
 * a sender put behind the bracket ("[PATCH 2/2]: title"). */
static const char *
skip_brackets(const char *title)
{
	while (g_ascii_strncasecmp(title, "[patch", 6) == 0 && strchr(title, ']')) {
		title = strchr(title, ']') + 1;
		while (g_ascii_isspace(*title))
			title++;
	}
	while (*title == ':' || g_ascii_isspace(*title))
		title++;
	return title;
}

/* FNV-1a over the title without case and runs of blanks; 0 where it is empty. */
static guint64
hash_title(const char *title)
{
	guint64 hash = 0;
	gboolean gap = FALSE;
	for (const char *at = title ? skip_brackets(title) : ""; *at; at++) {
		if (g_ascii_isspace(*at)) {
			gap = hash != 0;
			continue;
		}
		if (hash == 0)
			hash = G_GUINT64_CONSTANT(14695981039346656037);
		if (gap)
			hash = (hash ^ ' ') * G_GUINT64_CONSTANT(1099511628211);
		gap = FALSE;
		hash = (hash ^ (guchar)g_ascii_tolower(*at)) *
		       G_GUINT64_CONSTANT(1099511628211);
	}
	return hash;
}

/* Half of the MD5 of what hash_title() looks at, which SQL can work out, too. */
gint64
pm_correlate_title_key(const char *title)
{
	g_autoptr(GString) text = g_string_new(NULL);
	gboolean gap = FALSE;
	for (const char *at = title ? skip_brackets(title) : ""; *at; at++) {
		if (g_ascii_isspace(*at)) {
			gap = text->len > 0;
			continue;
		}
		if (gap)
			g_string_append_c(text, ' ');
		gap = FALSE;
		g_string_append_c(text, g_ascii_tolower(*at));
	}
	if (text->len == 0)
		return 0;
	g_autofree char *hex =
		g_compute_checksum_for_string(G_CHECKSUM_MD5, text->str, -1);
	hex[16] = '\0';
	return (gint64)g_ascii_strtoull(hex, NULL, 16);
}

static int
compare_listed(const void *a, const void *b)
{
	const PmListed *x = a, *y = b;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->position > y->position) - (x->position < y->position);
}

static void
hash_shortlog(PmMember *cover)
{
	const char *const *titles = cover->fact->shortlog;
	guint n = g_strv_length((char **)titles);
	cover->shortlog = g_new(PmListed, n);
	cover->n_shortlog = n;
	for (guint i = 0; i < n; i++)
		cover->shortlog[i] = (PmListed){hash_title(titles[i]), i + 1};
	qsort(cover->shortlog, n, sizeof(PmListed), compare_listed);
}

guint
pm_cover_position(PmFragments *all, guint cover, guint patch)
{
	PmMember *member = &all->members[cover];
	guint64 title = all->members[patch].title;
	if (!member->fact->shortlog || !member->fact->shortlog[0] || title == 0)
		return 0;
	if (!member->shortlog)
		hash_shortlog(member);

	guint low = 0, high = member->n_shortlog;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (member->shortlog[middle].hash < title)
			low = middle + 1;
		else
			high = middle;
	}
	gboolean found = low < member->n_shortlog && member->shortlog[low].hash == title;
	return found ? member->shortlog[low].position : 0;
}

static gboolean
has_prefix(const char *const *prefixes, const char *wanted)
{
	for (; prefixes && *prefixes; prefixes++)
		if (strcmp(*prefixes, wanted) == 0)
			return TRUE;
	return FALSE;
}

static gboolean
is_within(const char *const *inner, const char *const *outer)
{
	for (; inner && *inner; inner++)
		if (!has_prefix(outer, *inner))
			return FALSE;
	return TRUE;
}

gboolean
pm_prefixes_agree(const PmFact *a, const PmFact *b, gboolean is_strict)
{
	gboolean first = is_within(a->prefixes, b->prefixes);
	if (first && !is_strict)
		return TRUE;
	gboolean second = is_within(b->prefixes, a->prefixes);
	return is_strict ? first && second : second;
}

/* How many patches of the fragment come before the place. */
static guint
count_before(const PmFragments *all, const PmFragment *fragment, gint64 place)
{
	guint low = 0, high = fragment->n_patches;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (all->members[fragment->patches[middle]].place < place)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

gboolean
pm_fragment_has_place(const PmFragments *all, const PmFragment *fragment, gint64 place)
{
	guint at = count_before(all, fragment, place);
	return at < fragment->n_patches &&
	       all->members[fragment->patches[at]].place == place;
}

gboolean
pm_fragment_is_complete(const PmFragments *all, const PmFragment *fragment)
{
	guint total = (guint)MAX(fragment->total, 1);
	if (fragment->n_patches < total)
		return FALSE;
	return all->members[fragment->patches[total - 1]].place <=
	       pm_place(fragment->total, 0);
}

static gboolean
share_a_place(const PmFragments *all, const PmFragment *a, const PmFragment *b)
{
	const PmFragment *small = a->n_patches < b->n_patches ? a : b;
	const PmFragment *large = small == a ? b : a;
	for (guint i = 0; i < small->n_patches; i++)
		if (pm_fragment_has_place(all, large,
					  all->members[small->patches[i]].place))
			return TRUE;
	return FALSE;
}

/* None counts as 1; "5.1" is another version than 5. */
static gboolean
same_version(const PmFragment *a, const PmFragment *b)
{
	return a->version == b->version &&
	       g_strcmp0(a->version_text, b->version_text) == 0;
}

static gboolean
may_be_one(const PmFragment *a, const PmFragment *b)
{
	return !a->is_unnumbered && !b->is_unnumbered && a->total == b->total &&
	       (a->cover == PM_NOBODY || b->cover == PM_NOBODY) &&
	       (!a->fixed_series || !b->fixed_series);
}

void
pm_fragments_clash(PmFragments *all, guint a, guint b)
{
	pm_fragment_of(all, a)->last_clash = all->members[b].fragment;
	pm_fragment_of(all, b)->last_clash = all->members[a].fragment;
}

gboolean
pm_fragments_fit(PmFragments *all, guint a, guint b, gboolean lends_version)
{
	guint left = all->members[a].fragment, right = all->members[b].fragment;
	PmFragment *f = &all->fragments[left], *g = &all->fragments[right];
	if (left == right || f->last_clash == right || g->last_clash == left)
		return FALSE;
	if (!may_be_one(f, g))
		return FALSE;
	if (share_a_place(all, f, g)) {
		pm_fragments_clash(all, a, b);
		return FALSE;
	}
	return same_version(f, g) ||
	       (lends_version && (!f->has_version || !g->has_version));
}

static void
reserve(PmFragment *fragment, guint n_patches)
{
	if (n_patches <= MAX(fragment->n_reserved, 1))
		return;

	gboolean was_one = fragment->patches == &fragment->one;
	fragment->n_reserved = MAX(n_patches, 2 * MAX(fragment->n_reserved, 4));
	fragment->patches =
		g_renew(guint, was_one ? NULL : fragment->patches, fragment->n_reserved);
	if (was_one)
		fragment->patches[0] = fragment->one;
}

/* Equal places (of a fixed series, or of numbers given twice) in canonical order. */
static void
add_patch(PmFragments *all, PmFragment *fragment, guint patch)
{
	gint64 place = all->members[patch].place;
	guint at = count_before(all, fragment, place);
	while (at < fragment->n_patches && fragment->patches[at] < patch &&
	       all->members[fragment->patches[at]].place == place)
		at++;

	reserve(fragment, fragment->n_patches + 1);
	memmove(fragment->patches + at + 1, fragment->patches + at,
		(fragment->n_patches - at) * sizeof(guint));
	fragment->patches[at] = patch;
	fragment->n_patches++;
}

static void
move_member(PmFragments *all, guint member, guint to, const char *rule)
{
	all->members[member].fragment = to;
	all->members[member].rule = rule;
}

static guint
count_members(const PmFragment *fragment)
{
	return fragment->n_patches + (fragment->cover != PM_NOBODY);
}

static void
take_version(PmFragment *to, const PmFragment *from)
{
	if (to->has_version || !from->has_version)
		return;
	to->has_version = TRUE;
	to->version = from->version;
	to->version_text = from->version_text;
}

void
pm_fragments_join(PmFragments *all, guint a, guint b, const char *rule)
{
	guint to = all->members[a].fragment, from = all->members[b].fragment;
	guint n_to = count_members(&all->fragments[to]);
	guint n_from = count_members(&all->fragments[from]);
	if (n_to < n_from ||
	    (n_to == n_from && all->fragments[from].first < all->fragments[to].first)) {
		guint other = to;
		to = from;
		from = other;
		n_to = MAX(n_to, n_from);
	}
	PmFragment *large = &all->fragments[to], *small = &all->fragments[from];
	if (n_to == 1)
		all->members[large->first].rule = rule;

	for (guint i = 0; i < small->n_patches; i++) {
		move_member(all, small->patches[i], to, rule);
		add_patch(all, large, small->patches[i]);
	}
	if (small->cover != PM_NOBODY) {
		move_member(all, small->cover, to, rule);
		large->cover = small->cover;
	}
	take_version(large, small);
	large->first = MIN(large->first, small->first);
	large->total = MAX(large->total, small->total);
	large->is_unnumbered = large->is_unnumbered && small->is_unnumbered;
	if (!large->fixed_series)
		large->fixed_series = small->fixed_series;
	small->is_gone = TRUE;
	small->n_patches = 0;
}

static int
compare_facts(const void *a, const void *b)
{
	const PmFact *x = ((const PmMember *)a)->fact, *y = ((const PmMember *)b)->fact;
	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	return strcmp(x->msgid, y->msgid);
}

static void
begin_fragment(PmFragments *all, guint i)
{
	const PmFact *fact = all->members[i].fact;
	PmFragment *fragment = &all->fragments[i];
	fragment->one = fragment->first = fragment->last_clash = i;
	fragment->patches = &fragment->one;
	fragment->n_patches = !fact->is_cover;
	fragment->cover = fact->is_cover ? i : PM_NOBODY;
	fragment->is_unnumbered = !fact->is_cover && !fact->has_number;
	fragment->has_version = fact->has_version;
	fragment->version = fact->has_version ? fact->version : 1;
	fragment->version_text = fact->has_version ? fact->version_text : NULL;
	fragment->total = fact->has_number ? CLAMP(fact->total, 1, MAX_NUMBER) : 1;
	fragment->fixed_series = fact->fixed_series;
}

static int
compare_msgids(const void *a, const void *b, void *user_data)
{
	const PmMember *members = user_data;
	return strcmp(members[*(const guint *)a].fact->msgid,
		      members[*(const guint *)b].fact->msgid);
}

static guint
find_member(const PmFragments *all, const guint *by_msgid, const char *msgid)
{
	guint low = 0, high = all->n;
	while (msgid && low < high) {
		guint middle = low + (high - low) / 2;
		int order = strcmp(all->members[by_msgid[middle]].fact->msgid, msgid);
		if (order == 0)
			return by_msgid[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return PM_NOBODY;
}

static void
resolve_anchors(PmFragments *all)
{
	g_autofree guint *by_msgid = g_new(guint, all->n);
	for (guint i = 0; i < all->n; i++)
		by_msgid[i] = i;
	g_qsort_with_data(by_msgid, (int)all->n, sizeof(guint), compare_msgids,
			  all->members);
	for (guint i = 0; i < all->n; i++)
		all->members[i].anchor =
			find_member(all, by_msgid, all->members[i].fact->anchor);
}

/* Two covers in one fixed series cannot be in the database; the second stays out. */
static void
join_fixed_series(PmFragments *all)
{
	g_autoptr(GHashTable) seen = NULL;
	for (guint i = 0; i < all->n; i++) {
		int id = all->members[i].fact->fixed_series;
		if (!id)
			continue;
		if (!seen)
			seen = g_hash_table_new(NULL, NULL);
		gpointer first = g_hash_table_lookup(seen, GINT_TO_POINTER(id));
		if (!first) {
			g_hash_table_insert(seen, GINT_TO_POINTER(id),
					    GUINT_TO_POINTER(i + 1));
			continue;
		}
		guint other = GPOINTER_TO_UINT(first) - 1;
		if (all->members[i].fact->is_cover &&
		    pm_fragment_of(all, other)->cover != PM_NOBODY)
			all->fragments[i].fixed_series = 0;
		else
			pm_fragments_join(all, other, i, "same stored series");
	}
}

void
pm_fragments_init(PmFragments *all, const PmFact *facts, guint n)
{
	all->facts = facts;
	all->n = n;
	all->members = g_new0(PmMember, n);
	all->fragments = g_new0(PmFragment, n);
	for (guint i = 0; i < n; i++) {
		all->members[i].fact = &facts[i];
		all->members[i].index = i;
	}
	if (n > 1)
		qsort(all->members, n, sizeof(PmMember), compare_facts);

	for (guint i = 0; i < n; i++) {
		PmMember *member = &all->members[i];
		const PmFact *fact = member->fact;
		member->fragment = i;
		member->title = hash_title(fact->title);
		member->place = fact->has_number ? pm_place(fact->number, fact->fraction)
						 : pm_place(1, 0);
		if (member->place == 0)
			member->place = pm_place(1, 0);
		member->rule = "alone";
		begin_fragment(all, i);
	}
	resolve_anchors(all);
	join_fixed_series(all);
}

void
pm_fragments_clear(PmFragments *all)
{
	for (guint i = 0; i < all->n; i++) {
		PmFragment *fragment = &all->fragments[i];
		g_free(all->members[i].shortlog);
		if (fragment->patches != &fragment->one)
			g_free(fragment->patches);
	}
	g_free(all->members);
	g_free(all->fragments);
}
