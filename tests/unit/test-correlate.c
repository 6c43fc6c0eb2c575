/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Scenarios for the correlator, in a small language. A line is a mail:
 *
 *	ID [v2|v5.1] [n/m] [@TIME] [<PARENT[,OLDER...]] [by=NAME] [run=RUN] [in=PREFIX,..]
 *	   [t=TITLE] [list=TITLE,..] [chg=ID] [fix=SERIES] [-]
 *
 * 0/m is a cover; no n/m is a patch without number; "-" is a comment, which only
 * carries threads. TIME is seconds, or has m, h, d behind it. A parent that has no
 * line was never seen. The title is the id where t= is missing; "_" are blanks.
 *
 * The wanted series are lines too, in the order of their first mail:
 *
 *	v2 of 3: 0:COVER 1:PATCH 2:PATCH [complete] [fix=SERIES] [replaces FIRST]
 *
 * Every scenario is run in all orders up to six mails, in 200 random ones beyond.
 */
#include "lib/series/correlate.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/correlate-scenarios.h"

/* A line of a scenario, and what is made of it. */
typedef struct {
	PmFact fact;
	gboolean is_comment;
	char **parents, **prefixes, **shortlog;
	char *thread;
} Mail;

static void
mail_clear(void *data)
{
	Mail *mail = data;
	g_free((char *)mail->fact.msgid);
	g_free((char *)mail->fact.title);
	g_free((char *)mail->fact.submitter);
	g_free((char *)mail->fact.run);
	g_free((char *)mail->fact.change_id);
	g_free((char *)mail->fact.version_text);
	g_strfreev(mail->parents);
	g_strfreev(mail->prefixes);
	g_strfreev(mail->shortlog);
	g_free(mail->thread);
}

static gint64
parse_time(const char *text)
{
	char *unit = NULL;
	gint64 time = g_ascii_strtoll(text, &unit, 10);
	gint64 seconds = *unit == 'm'	? 60
			 : *unit == 'h' ? 3600
			 : *unit == 'd' ? 86400
					: 1;
	return 1700000000 + time * seconds;
}

static void
parse_number(Mail *mail, const char *word)
{
	char *end = NULL;
	mail->fact.has_number = TRUE;
	mail->fact.number = (int)g_ascii_strtoll(word, &end, 10);
	if (*end == '.')
		mail->fact.fraction = (int)g_ascii_strtoll(end + 1, &end, 10);
	mail->fact.total = (int)g_ascii_strtoll(end + 1, NULL, 10);
	mail->fact.is_cover = mail->fact.number == 0;
}

static void
set(const char **string, const char *value)
{
	g_free((char *)*string);
	*string = g_strdelimit(g_strdup(value), "_", ' ');
}

static void
parse_word(Mail *mail, const char *word)
{
	PmFact *fact = &mail->fact;
	const char *value = strchr(word, '=') ? strchr(word, '=') + 1 : "";
	if (strcmp(word, "-") == 0) {
		mail->is_comment = TRUE;
	} else if (*word == '@') {
		fact->date = parse_time(word + 1);
	} else if (*word == '<') {
		mail->parents = g_strsplit(word + 1, ",", -1);
	} else if (g_str_has_prefix(word, "by=")) {
		set(&fact->submitter, value);
	} else if (g_str_has_prefix(word, "run=")) {
		set(&fact->run, value);
	} else if (g_str_has_prefix(word, "t=")) {
		set(&fact->title, value);
	} else if (g_str_has_prefix(word, "chg=")) {
		set(&fact->change_id, value);
	} else if (g_str_has_prefix(word, "in=")) {
		mail->prefixes = g_strsplit(value, ",", -1);
	} else if (g_str_has_prefix(word, "list=")) {
		mail->shortlog = g_strsplit(value, ",", -1);
	} else if (g_str_has_prefix(word, "fix=")) {
		fact->fixed_series = atoi(value);
	} else if (*word == 'v') {
		fact->has_version = TRUE;
		fact->version = atoi(word + 1);
		if (strchr(word, '.'))
			set(&fact->version_text, word + 1);
	} else if (g_ascii_isdigit(*word)) {
		parse_number(mail, word);
	} else {
		g_error("no such word: %s", word);
	}
}

static Mail
parse_mail(const char *line)
{
	Mail mail = {.fact = {.version = 1, .number = 1, .total = 1}};
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	mail.fact.msgid = g_strdup(words[0]);
	set(&mail.fact.title, words[0]);
	set(&mail.fact.submitter, "alice");
	for (char **word = words + 1; *word; word++)
		if (**word)
			parse_word(&mail, *word);
	mail.fact.prefixes = (const char *const *)mail.prefixes;
	mail.fact.shortlog = (const char *const *)mail.shortlog;
	return mail;
}

static const Mail *
find(const GArray *mails, const char *msgid)
{
	for (guint i = 0; i < mails->len; i++)
		if (strcmp(g_array_index(mails, Mail, i).fact.msgid, msgid) == 0)
			return &g_array_index(mails, Mail, i);
	return NULL;
}

static const char *
find_anchor(const GArray *mails, const Mail *mail, guint depth)
{
	for (char **id = mail->parents; id && *id && depth < 10; id++) {
		const Mail *parent = find(mails, *id);
		if (parent && !parent->is_comment)
			return parent->fact.msgid;
		const char *anchor =
			parent ? find_anchor(mails, parent, depth + 1) : NULL;
		if (anchor)
			return anchor;
	}
	return NULL;
}

static const char *
find_top(const GArray *mails, const Mail *mail, guint depth)
{
	if (!mail->parents || depth == 10)
		return mail->fact.msgid;
	const char *oldest = mail->parents[g_strv_length(mail->parents) - 1];
	const Mail *parent = find(mails, oldest);
	return parent ? find_top(mails, parent, depth + 1) : oldest;
}

static GArray *
parse_mails(const char *text)
{
	GArray *mails = g_array_new(FALSE, TRUE, sizeof(Mail));
	g_array_set_clear_func(mails, mail_clear);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		Mail mail = parse_mail(g_strstrip(*line));
		g_array_append_val(mails, mail);
	}
	for (guint i = 0; i < mails->len; i++) {
		Mail *mail = &g_array_index(mails, Mail, i);
		mail->thread = g_strdup(find_top(mails, mail, 0));
		mail->fact.thread = mail->thread;
		mail->fact.anchor = find_anchor(mails, mail, 0);
		if (!mail->parents)
			continue;
		const Mail *parent = find(mails, mail->parents[0]);
		mail->fact.parent = mail->parents[0];
		mail->fact.root = mail->parents[g_strv_length(mail->parents) - 1];
		mail->fact.outside = !parent || parent->is_comment;
	}
	return mails;
}

static void
describe_group(const PmGrouping *grouping, guint at, const PmFact *facts, GString *text)
{
	const PmGroup *group = &grouping->groups[at];
	g_string_append_printf(text, "%sv%d of %d:", at ? "\n" : "", group->version,
			       group->total);
	if (group->cover >= 0)
		g_string_append_printf(text, " 0:%s", facts[group->cover].msgid);
	for (guint i = 0; i < group->n_patches; i++)
		g_string_append_printf(text, " %d:%s",
				       grouping->placements[group->patches[i]].number,
				       facts[group->patches[i]].msgid);
	if (group->is_complete)
		g_string_append(text, " complete");
	if (group->fixed_series)
		g_string_append_printf(text, " fix=%d", group->fixed_series);
	if (group->supersedes < 0)
		return;
	const PmGroup *old = &grouping->groups[group->supersedes];
	guint first = old->cover >= 0 ? (guint)old->cover : old->patches[0];
	g_string_append_printf(text, " replaces %s", facts[first].msgid);
}

/* (series, number) is unique in the database, and a patch has 1 or more. */
static void
check_numbers(const PmGrouping *grouping, const PmGroup *group)
{
	for (guint i = 0; i < group->n_patches; i++) {
		int last = i ? grouping->placements[group->patches[i - 1]].number : 0;
		g_assert_cmpint(grouping->placements[group->patches[i]].number, >, last);
	}
	if (group->cover >= 0)
		g_assert_cmpint(grouping->placements[group->cover].number, ==, 0);
}

/* The grouping as text; also that it is whole and that every rule has a help. */
static char *
describe(const PmFact *facts, guint n)
{
	g_autoptr(PmGrouping) grouping = pm_correlate(facts, n);
	g_assert_cmpuint(grouping->n_facts, ==, n);
	guint n_members = 0;
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < grouping->n_groups; i++) {
		describe_group(grouping, i, facts, text);
		check_numbers(grouping, &grouping->groups[i]);
		n_members += grouping->groups[i].n_patches;
		n_members += grouping->groups[i].cover >= 0;
	}
	g_assert_cmpuint(n_members, ==, n);
	for (guint i = 0; i < n; i++) {
		g_assert_cmpuint(grouping->placements[i].group, <, grouping->n_groups);
		g_assert_nonnull(pm_correlate_rule_help(grouping->placements[i].rule));
	}
	return g_string_free(text, FALSE);
}

static void
check(const Scenario *scenario, const PmFact *facts, guint n)
{
	g_autofree char *got = describe(facts, n);
	g_auto(GStrv) lines = g_strsplit(scenario->want, "\n", -1);
	for (char **line = lines; *line; line++)
		g_strstrip(*line);
	g_autofree char *want = g_strjoinv("\n", lines);
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
	g_autoptr(GArray) mails = parse_mails(scenario->mails);
	g_autoptr(GArray) facts = g_array_new(FALSE, FALSE, sizeof(PmFact));
	for (guint i = 0; i < mails->len; i++)
		if (!g_array_index(mails, Mail, i).is_comment)
			g_array_append_val(facts, g_array_index(mails, Mail, i).fact);

	PmFact *first = (PmFact *)facts->data;
	if (facts->len <= 6)
		check_all_orders(scenario, first, facts->len, facts->len);
	else
		check_random_orders(scenario, first, facts->len);
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
	add_scenarios("versions", versions, G_N_ELEMENTS(versions));
	add_scenarios("threads", threads, G_N_ELEMENTS(threads));
	add_scenarios("numbers", numbers, G_N_ELEMENTS(numbers));
	add_scenarios("stored", stored, G_N_ELEMENTS(stored));
	g_test_add_func("/correlate/nothing", test_nothing);
	g_test_add_func("/correlate/extremes", test_extremes);
	g_test_add_func("/correlate/random", test_random);
	g_test_add_func("/correlate/large", test_large);
	return g_test_run();
}
