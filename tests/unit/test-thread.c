/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Threads in small: a word a mail, "ID>REF,REF" with the nearest reference first. Capital
 * letters are submissions, small ones are not; "x=" is decided: it leads to
 * something, "x?" leads nowhere yet, "x." leads nowhere. What has no word was never seen.
 * Wanted is "ID:END" for all that have references, "?" where it is open, "-" where not.
 * Each case is run in all orders.
 */
#include "lib/series/thread.h"

#include <string.h>

#define MAX_MAILS 7

static const struct {
	const char *name, *mails, *want;
} cases[] = {
	{"answers", "A b>A c>b,A", "b:A c:A"},
	{"the nearest counts", "A B>A c>B,A", "B:A c:B"},
	{"what is missing is passed", "A c>b,A", "c:A"},
	{"what is missing may lead somewhere", "c>b", "c:?"},
	{"nothing above", "a b>a", "b:-"},
	{"the first that leads somewhere", "A b c>b,A", "c:A"},
	{"decided", "a= b? c. d>a e>b f>c", "d:a e:? f:-"},
	{"itself", "a>a", "a:-"},
	{"a submission that refers to itself", "A>A b>A", "A:- b:A"},
	{"two in a circle", "a>b b>a c>a", "a:- b:- c:-"},
	{"two in a circle, one knows a way out", "A b>c c>b,A d>b", "b:A c:A d:A"},
	{"two in a circle, two ways out", "A B c>d,B d>c,A e>d", "c:B d:B e:B"},
	{"a circle that waits", "b>c c>b,x d>c", "b:? c:? d:?"},
	{"a circle through a submission", "A>b b>c c>A", "A:- b:A c:A"},
	{"two circles", "A b>c c>b,d d>e e>d,A", "b:A c:A d:A e:A"},
	{"two submissions answer each other", "A>B B>A c>B", "A:B B:A c:B"},
};

static guint
find(char **words, const char *id)
{
	for (guint i = 0; words[i] != NULL; i++)
		if (words[i][0] == *id)
			return i;
	return PM_THREAD_NONE;
}

static PmThreadMail
read_mail(char **words, guint i, guint *refs, char *msgid)
{
	PmThreadMail mail = {.msgid = msgid, .refs = refs};
	const char *rest = words[i] + 1;

	msgid[0] = words[i][0];
	mail.kind = g_ascii_isupper(msgid[0])	    ? PM_THREAD_SUBMISSION
		    : *rest && strchr("=?.", *rest) ? PM_THREAD_DECIDED
						    : PM_THREAD_MAIL;
	mail.leads = *rest == '=';
	mail.is_open = *rest == '?';
	if (*rest != '>')
		return mail;
	for (rest++; *rest; rest += rest[1] ? 2 : 1)
		refs[mail.n_refs++] = find(words, rest);
	return mail;
}

static char *
resolve(char **words)
{
	PmThreadMail mails[MAX_MAILS] = {0};
	guint refs[MAX_MAILS][MAX_MAILS], n = g_strv_length(words);
	char msgids[MAX_MAILS][2] = {0};
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < n; i++)
		mails[i] = read_mail(words, i, refs[i], msgids[i]);
	pm_thread_resolve(mails, n);
	for (const char *id = "ABCabcdef"; *id; id++) {
		guint i = find(words, id);

		if (i == PM_THREAD_NONE || mails[i].n_refs == 0)
			continue;
		g_string_append_printf(text, "%s%c:%s", text->len ? " " : "", *id,
				       mails[i].end != PM_THREAD_NONE
					       ? mails[mails[i].end].msgid
				       : mails[i].is_open ? "?"
							  : "-");
	}
	return g_string_free(text, FALSE);
}

/* Heap's algorithm. */
static void
check_orders(const char *want, char **words, guint k)
{
	if (k <= 1) {
		g_autofree char *got = resolve(words);
		g_autofree char *order = g_strjoinv(" ", words);

		if (strcmp(got, want) != 0) {
			g_test_message("%s\nwant %s\ngot  %s", order, want, got);
			g_test_fail();
		}
		return;
	}
	for (guint i = 0; i < k && !g_test_failed(); i++) {
		check_orders(want, words, k - 1);
		char *word = words[k % 2 ? 0 : i];
		words[k % 2 ? 0 : i] = words[k - 1];
		words[k - 1] = word;
	}
}

static void
test_case(const void *data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	g_auto(GStrv) words = g_strsplit(cases[i].mails, " ", -1);

	check_orders(cases[i].want, words, g_strv_length(words));
}

/* As deep as a stranger likes, and each mail answers the one before: no recursion. */
static void
test_deep(void)
{
	guint n = 200000;
	g_autofree PmThreadMail *mails = g_new0(PmThreadMail, n);
	g_autofree guint *refs = g_new(guint, n);
	g_autoptr(GStringChunk) strings = g_string_chunk_new(65536);

	for (guint i = 0; i < n; i++) {
		g_autofree char *id = g_strdup_printf("%u", i);

		refs[i] = (i + 1) % n;
		mails[i].msgid = g_string_chunk_insert(strings, id);
		mails[i].refs = &refs[i];
		mails[i].n_refs = 1;
	}
	pm_thread_resolve(mails, n);
	g_assert_cmpuint(mails[n / 2].end, ==, PM_THREAD_NONE);
	mails[n / 2].kind = PM_THREAD_SUBMISSION;
	pm_thread_resolve(mails, n);
	for (guint i = 0; i < n; i++)
		g_assert_cmpuint(mails[i].end, ==, i == n / 2 ? PM_THREAD_NONE : n / 2);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/thread/%s", cases[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
	}
	g_test_add_func("/thread/deep", test_deep);
	return g_test_run();
}
