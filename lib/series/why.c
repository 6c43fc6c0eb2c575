/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/series/why.h"

#include "lib/series/fragments.h"

/*
 * For people who ask why a mail is not in that other series. What must fit (version, total,
 * number, cover) goes first, since no evidence helps against it; then what links the two.
 */

static void G_GNUC_PRINTF(2, 3) add(GString *text, const char *format, ...)
{
	va_list args;

	if (text->len > 0)
		g_string_append(text, "; ");
	va_start(args, format);
	g_string_append_vprintf(text, format, args);
	va_end(args);
}

static void
add_version(GString *text, const PmFact *fact, const PmGroup *group)
{
	int version = fact->has_version ? fact->version : 1;

	if (version != group->version)
		add(text, "its version is %d and theirs %d", version, group->version);
	else if (fact->version_text != NULL)
		add(text, "its version is %s", fact->version_text);
}

/* The member of the group that has the place of fact, or PM_NOBODY. */
static guint
holder(const PmFact *facts, const PmGroup *group, const PmFact *fact)
{
	if (fact->is_cover)
		return group->cover >= 0 ? (guint)group->cover : PM_NOBODY;
	for (guint i = 0; i < group->n_patches; i++) {
		const PmFact *other = &facts[group->patches[i]];

		if (other->number == fact->number && other->fraction == fact->fraction)
			return group->patches[i];
	}
	return PM_NOBODY;
}

static void
add_place(GString *text, const PmFact *facts, const PmFact *fact, const PmGroup *group)
{
	int total = fact->has_number ? fact->total : 1;
	guint other = holder(facts, group, fact);

	if (!fact->has_number && !fact->is_cover)
		add(text, "it has no number");
	else if (total != group->total)
		add(text, "it is one of %d and they are of %d", total, group->total);
	if (other != PM_NOBODY && fact->is_cover)
		add(text, "they have a cover, %s", facts[other].msgid);
	else if (other != PM_NOBODY && fact->has_number)
		add(text, "they have a patch %d, %s", fact->number, facts[other].msgid);
}

static void
add_fixed(GString *text, const PmFact *fact, const PmGroup *group)
{
	if (fact->fixed_series != 0)
		add(text, "series %d is kept as it is stored", fact->fixed_series);
	else if (group->fixed_series != 0 && text->len > 0)
		add(text, "series %d is kept as it is stored", group->fixed_series);
}

/* What of a member is that of fact as well. */
typedef struct {
	gboolean prefixes, author, thread, run, change_id;
	guint64 gap;
} PmCommon;

static void
compare(PmCommon *common, const PmFact *a, const PmFact *b)
{
	common->prefixes |= pm_prefixes_agree(a, b, FALSE);
	common->author |= g_strcmp0(a->submitter, b->submitter) == 0;
	common->thread |= g_strcmp0(a->thread, b->thread) == 0;
	common->run |= a->run != NULL && g_strcmp0(a->run, b->run) == 0;
	common->change_id |=
		a->change_id != NULL && g_strcmp0(a->change_id, b->change_id) == 0;
	common->gap = MIN(common->gap, pm_date_gap(a->date, b->date));
}

static void
add_gap(GString *text, guint64 gap)
{
	if (gap >= 2 * 86400)
		add(text, "it was sent %" G_GUINT64_FORMAT " days from theirs",
		    gap / 86400);
	else if (gap >= 2 * 3600)
		add(text, "it was sent %" G_GUINT64_FORMAT " hours from theirs",
		    gap / 3600);
}

static void
add_links(GString *text, const PmFact *facts, const PmFact *fact, const PmGroup *group)
{
	PmCommon common = {.gap = G_MAXUINT64};

	for (guint i = 0; i < group->n_patches; i++)
		compare(&common, fact, &facts[group->patches[i]]);
	if (group->cover >= 0)
		compare(&common, fact, &facts[group->cover]);
	if (!common.prefixes)
		add(text, "its prefixes are others");
	if (common.run || common.change_id)
		return;
	if (!common.thread)
		add(text, "it is in no thread with them");
	if (!common.author)
		add(text, "it is by another author");
	if (!common.thread || !common.author)
		add_gap(text, common.gap);
}

char *
pm_why_not(const PmFact *facts, const PmGrouping *grouping, guint i, guint g)
{
	const PmGroup *group = &grouping->groups[g];
	GString *text = g_string_new(NULL);

	add_version(text, &facts[i], group);
	add_place(text, facts, &facts[i], group);
	add_links(text, facts, &facts[i], group);
	add_fixed(text, &facts[i], group);
	if (text->len == 0)
		g_string_append(text, "what links them was not enough for any rule");
	return g_string_free(text, FALSE);
}
