/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Random clusters: what senders do, thrown together. The mails of each arrive in random
 * orders at a store in small, which finds out as they come where each leads; in
 * every order the series must be the same in the end. A cluster that fails is made as small
 * as it can be and printed in the language of correlate-language.h, ready to become a
 * scenario.
 *
 *	PM_ROUNDS=100000 PM_SEED=7 build/tests/unit/test-clusters
 */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/correlate-language.h"

enum {
	ROUNDS = 2000, /* in the suite; PM_ROUNDS says how many otherwise */
	ORDERS = 5,    /* of each cluster */
	MAX_LINES = 24,
};

/* How one sender sends one version. */
typedef struct {
	GRand *random;
	GPtrArray *lines;  /* of char * */
	GPtrArray *others; /* ids that were sent before: to answer */
	char name;	   /* of the series: ids begin with it */
	int version, total;
	gint64 time;
	const char *author;
	gboolean has_cover, has_run, says_version, says_only_on_cover, has_list;
	enum {
		BELOW_HEAD,
		DEEP,
		UNTHREADED,
		BELOW_OTHER,
		BELOW_GHOST,
		THREADINGS
	} threading;
} Sender;

static gboolean
chance(GRand *random, int one_in)
{
	return g_rand_int_range(random, 0, one_in) == 0;
}

static int
upto(GRand *random, int n)
{
	return g_rand_int_range(random, 0, n);
}

static char *
id_of(const Sender *sender, int number)
{
	return g_strdup_printf("%c%d%d", sender->name, sender->version, number);
}

static const char *
any_other(const Sender *sender)
{
	return sender->others->len
		       ? sender->others
				 ->pdata[upto(sender->random, (int)sender->others->len)]
		       : "bug";
}

/* What mail number n of the series answers, or "". */
static char *
parent_of(const Sender *sender, int number)
{
	int head = sender->has_cover ? 0 : 1;
	g_autofree char *top = id_of(sender, head);
	g_autofree char *last = id_of(sender, number - 1);
	if (number == head) {
		if (sender->threading == BELOW_GHOST)
			return g_strdup(" <bug");
		return sender->threading == BELOW_OTHER || chance(sender->random, 4)
			       ? g_strdup_printf(" <%s", any_other(sender))
			       : g_strdup("");
	}
	switch (sender->threading) {
	case BELOW_HEAD:
		return g_strdup_printf(" <%s", top);
	case DEEP:
		return number - 1 == head ? g_strdup_printf(" <%s", top)
					  : g_strdup_printf(" <%s,%s", last, top);
	case BELOW_OTHER:
		return g_strdup_printf(" <%s", any_other(sender));
	case BELOW_GHOST:
		return g_strdup(" <bug");
	case UNTHREADED:
	case THREADINGS:
		break;
	}
	return g_strdup("");
}

static char *
shortlog_of(const Sender *sender)
{
	GString *list = g_string_new(" list=");
	for (int i = 1; i <= sender->total; i++)
		g_string_append_printf(list, "%st%c%d", i > 1 ? "," : "", sender->name,
				       i);
	return g_string_free(list, FALSE);
}

static char *
number_of(const Sender *sender, int number)
{
	int wrong = chance(sender->random, 40) ? 1 : 0;
	if ((sender->total == 1 && !sender->has_cover) ||
	    (number > 0 && chance(sender->random, 30)))
		return g_strdup("");
	if (number > 0 && chance(sender->random, 60))
		return g_strdup_printf(" %d.5/%d", number, sender->total);
	return g_strdup_printf(" %d/%d", number ? MAX(number - wrong, 1) : 0,
			       sender->total + (number && chance(sender->random, 50)));
}

static char *
version_of(const Sender *sender, int number)
{
	if (!sender->says_version || (sender->says_only_on_cover && number > 0))
		return g_strdup("");
	return chance(sender->random, 15) ? g_strdup_printf(" v%d.1", sender->version)
					  : g_strdup_printf(" v%d", sender->version);
}

static void
send_one(Sender *sender, int number)
{
	g_autofree char *id = id_of(sender, number);
	g_autofree char *parent = parent_of(sender, number);
	g_autofree char *place = number_of(sender, number);
	g_autofree char *version = version_of(sender, number);
	g_autofree char *list =
		number == 0 && sender->has_list ? shortlog_of(sender) : g_strdup("");
	g_autofree char *run =
		sender->has_run
			? g_strdup_printf(" run=%c%d", sender->name, sender->version)
			: g_strdup("");
	const char *author = chance(sender->random, 12) ? "carol" : sender->author;
	static const char *const trees[] = {"", "", "", "", " in=net", " in=net,rfc"};
	gint64 time = sender->time + number + (chance(sender->random, 8) ? 900 : 0);

	g_ptr_array_add(sender->others, g_strdup(id));
	if (chance(sender->random, 10))
		return; /* lost on its way */
	g_ptr_array_add(sender->lines,
			g_strdup_printf("%s%s%s @%" G_GINT64_FORMAT
					"%s%s%s%s by=%s t=t%c%d",
					id, version, place, time, parent, run, list,
					trees[upto(sender->random, G_N_ELEMENTS(trees))],
					author, sender->name, number));
	if (!chance(sender->random, 6))
		return;
	char *comment = g_strdup_printf("r%s", id);
	g_ptr_array_add(sender->others, comment);
	g_ptr_array_add(sender->lines,
			g_strdup_printf("%s - <%s%s", comment, id,
					chance(sender->random, 5) ? ",rx" : ""));
}

static void
send_version(Sender *sender)
{
	GRand *random = sender->random;
	sender->has_cover = sender->total > 1 && !chance(random, 3);
	sender->has_run = chance(random, 2);
	sender->says_version = sender->version > 1 && !chance(random, 6);
	sender->says_only_on_cover = sender->has_cover && chance(random, 5);
	sender->has_list = chance(random, 2);
	sender->threading = upto(random, THREADINGS);
	for (int i = sender->has_cover ? 0 : 1; i <= sender->total; i++)
		if (sender->version == 1 || !chance(random, 8))
			send_one(sender, i);
	sender->time += chance(random, 3) ? 600 : 100000;
	sender->total =
		MAX(sender->total + (chance(random, 3) ? upto(random, 3) - 1 : 0), 1);
}

/* A cluster in the language. (transfer full) */
static char *
random_cluster(guint32 seed)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) others = g_ptr_array_new_with_free_func(g_free);
	int n_series = 1 + upto(random, 3);
	for (int i = 0; i < n_series; i++) {
		Sender sender = {.random = random, .lines = lines, .others = others};
		int n_versions = 1 + upto(random, 3);
		sender.name = (char)('a' + i);
		sender.author = chance(random, 3) ? "bob" : "alice";
		sender.total = 1 + upto(random, 4);
		sender.time = upto(random, 3) * 50000;
		for (sender.version = 1; sender.version <= n_versions; sender.version++)
			send_version(&sender);
	}
	/* Mails that answer each other in a circle. */
	if (chance(random, 10) && others->len > 0)
		g_ptr_array_add(lines,
				g_strdup_printf("rx - <ry,%s",
						any_other(&(Sender){.random = random,
								    .others = others})));
	if (chance(random, 10))
		g_ptr_array_add(lines, g_strdup("ry - <rx"));
	if (lines->len > MAX_LINES)
		g_ptr_array_set_size(lines, MAX_LINES);
	g_ptr_array_add(lines, NULL);
	return g_strjoinv("\n", (char **)lines->pdata);
}

static char *
describe(const GArray *lines, const guint *order)
{
	g_autoptr(GArray) facts = pm_lines_facts(lines, order);
	const PmFact *first = (const PmFact *)facts->data;
	g_autoptr(PmGrouping) grouping = pm_correlate(first, facts->len);
	return pm_lines_describe(first, facts->len, grouping);
}

static void
shuffle(GRand *random, guint *order, guint n)
{
	for (guint i = n; i > 1; i--) {
		guint k = (guint)g_rand_int_range(random, 0, (gint32)i), other = order[k];
		order[k] = order[i - 1];
		order[i - 1] = other;
	}
}

static char *
order_text(const GArray *lines, const guint *order)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < lines->len; i++)
		g_string_append_printf(text, " %s",
				       g_array_index(lines, PmLine, order[i]).fact.msgid);
	return g_string_free(text, FALSE);
}

/* What goes wrong with a cluster, or NULL. (transfer full) */
static char *
find_fault(const char *text, guint32 seed, guint n_orders)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);
	g_autoptr(GArray) lines = pm_lines_read(text);
	g_autofree guint *order = g_new(guint, MAX(lines->len, 1));
	g_autofree char *want = describe(lines, NULL);
	for (guint i = 0; i < lines->len; i++)
		order[i] = i;
	for (guint round = 0; round < n_orders; round++) {
		shuffle(random, order, lines->len);
		pm_lines_forget(lines);
		for (guint i = 0; i < lines->len; i++) {
			pm_lines_arrive(lines, order[i]);
			if (chance(random, 10))
				pm_lines_arrive(lines, order[upto(random, (int)i + 1)]);
		}
		g_autofree char *got = describe(lines, order);
		g_autofree char *names = order_text(lines, order);
		if (strcmp(got, want) != 0)
			return g_strdup_printf("in order:\n%s\narriving%s:\n%s", want,
					       names, got);
	}
	return NULL;
}

static char *
without_line(const char *text, guint i)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GString *rest = g_string_new(NULL);
	for (guint k = 0; lines[k]; k++)
		if (k != i)
			g_string_append_printf(rest, "%s%s", rest->len ? "\n" : "",
					       lines[k]);
	return g_string_free(rest, FALSE);
}

/* Word w of the text, counted over all lines; the first of a line is its id and stays. */
static char *
without_word(const char *text, guint w)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	GString *rest = g_string_new(NULL);
	for (guint k = 0; words[k]; k++) {
		const char *id = k == w ? strchr(words[k], '\n') : NULL;
		if (k != w || k == 0)
			g_string_append_printf(rest, "%s%s", k ? " " : "", words[k]);
		else if (id)
			g_string_append(rest, id);
	}
	return g_string_free(rest, FALSE);
}

/* Leaves out lines and words as long as it still fails. (transfer full) */
static char *
shrink(const char *text, guint32 seed, char *(*without)(const char *, guint))
{
	char *small = g_strdup(text);
	for (guint i = 0; i < 200;) {
		g_autofree char *less = without(small, i);
		g_autofree char *fault =
			strlen(less) < strlen(small) ? find_fault(less, seed, 200) : NULL;
		if (!fault) {
			i++;
			continue;
		}
		g_free(small);
		small = g_steal_pointer(&less);
		i = 0;
	}
	return small;
}

static guint32
number_from(const char *variable, guint32 otherwise)
{
	const char *text = g_getenv(variable);
	return text ? (guint32)g_ascii_strtoull(text, NULL, 10) : otherwise;
}

static void
test_orders(void)
{
	guint32 rounds = number_from("PM_ROUNDS", ROUNDS);
	guint32 seed = number_from("PM_SEED", (guint32)g_test_rand_int());
	g_test_message("PM_SEED=%u, %u clusters, %u orders each", seed, rounds, ORDERS);
	for (guint32 i = 0; i < rounds; i++) {
		g_autofree char *text = random_cluster(seed + i);
		g_autofree char *fault = find_fault(text, seed + i, ORDERS);
		if (!fault)
			continue;
		g_autofree char *fewer = shrink(text, seed + i, without_line);
		g_autofree char *small = shrink(fewer, seed + i, without_word);
		g_autofree char *why = find_fault(small, seed + i, 200);
		g_test_fail_printf("PM_SEED=%u\n%s\n%s", seed + i, small, why);
		return;
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/clusters/orders", test_orders);
	return g_test_run();
}
