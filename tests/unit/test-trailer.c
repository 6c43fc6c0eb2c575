/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/text/trailer.h"

#include <string.h>

static const struct {
	const char *name, *content, *want; /* joined by | */
} depends_cases[] = {
	{"empty", "", ""},
	{"id", "Depends-on: <a@example.org>\n", "<a@example.org>"},
	{"text after it", "depends-on:  <a@example.org> (series)\r\n", "<a@example.org>"},
	{"URL", "Depends-on: https://example.org/project/x/list/?series=12 x\n",
	 "https://example.org/project/x/list/?series=12"},
	{"several", "x\nDepends-on: <a@b>\nDepends-on: http://c\n", "<a@b>|http://c"},
	{"words", "Depends-on: the other series\n", ""},
	{"not at line start", " Depends-on: <a@b>\n> Depends-on: <c@d>\n", ""},
	{"no end", "Depends-on: <a@b", ""},
};

static void
test_depends(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(depends_cases); i++) {
		const char *text = depends_cases[i].content;
		g_autofree char *bytes = g_memdup2(text, strlen(text));
		g_auto(GStrv) values = pm_trailer_depends_on(bytes, strlen(text));
		g_autofree char *got = g_strjoinv("|", values);
		g_test_message("%s", depends_cases[i].name);
		g_assert_cmpstr(got, ==, depends_cases[i].want);
	}
}

/* n lines give at most 100 values. */
static void
test_depends_limit(void)
{
	for (guint n = 99; n <= 101; n++) {
		g_autoptr(GString) text = g_string_new(NULL);
		for (guint i = 0; i < n; i++)
			g_string_append(text, "Depends-on: <a@b>\n");
		g_auto(GStrv) values = pm_trailer_depends_on(text->str, text->len);
		g_assert_cmpuint(g_strv_length(values), ==, MIN(n, 100));
	}
}

static void
test_change_id(void)
{
	static const struct {
		const char *content, *want;
	} cases[] = {
		{"", NULL},
		{"change-id: 20260601-fix-1234\n", "20260601-fix-1234"},
		{"a\nchange-id:  x \r\nchange-id: y\n", "x"},
		{"Change-Id: I1234\n", NULL},
		{"change-id:\nchange-id: y", "y"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *bytes =
			g_memdup2(cases[i].content, strlen(cases[i].content));
		g_autofree char *got =
			pm_trailer_change_id(bytes, strlen(cases[i].content));
		g_assert_cmpstr(got, ==, cases[i].want);
	}
}

static const struct {
	const char *name, *content, *want;
} shortlog_cases[] = {
	{"empty", "", ""},
	{"one author", "Blurb.\n\nA Dev (2):\n  one\n  two\n\n f.c | 1 +\n", "one|two"},
	{"two authors", "A Dev (1):\n  one\n\nB Dev (1):\n  two\n", "one|two"},
	{"wrapped", "A Dev (2):\n  one, so long\n    that it wraps\n  two\n",
	 "one, so long that it wraps|two"},
	{"pull request", "A Dev (1):\n      deep: one\n\nB (1):\n      deep: two",
	 "deep: one|deep: two"},
	{"CRLF", "A Dev (1):\r\n  one\r\n", "one"},
	{"no list", "See (1):\nnot indented\n  indented\n", ""},
	{"not a count", "A Dev (x):\n  one\n", ""},
	{"diffstat", " f.c | 1 +\n 1 file changed, 1 insertion(+)\n", ""},
	{"title in brackets", "A Dev (1):\n  [subsys] one (2):\n", "[subsys] one (2):"},
};

static void
test_shortlog(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(shortlog_cases); i++) {
		const char *text = shortlog_cases[i].content;
		g_autofree char *bytes = g_memdup2(text, strlen(text));
		g_auto(GStrv) titles = pm_trailer_shortlog(bytes, strlen(text));
		g_autofree char *got = g_strjoinv("|", titles);
		g_test_message("%s", shortlog_cases[i].name);
		g_assert_cmpstr(got, ==, shortlog_cases[i].want);
	}
}

static void
test_shortlog_limit(void)
{
	for (guint n = 999; n <= 1001; n++) {
		g_autoptr(GString) text = g_string_new("A (1):\n");
		for (guint i = 0; i < n; i++)
			g_string_append(text, "  t\n");
		g_auto(GStrv) titles = pm_trailer_shortlog(text->str, text->len);
		g_assert_cmpuint(g_strv_length(titles), ==, MIN(n, 1000));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/trailer/depends-on", test_depends);
	g_test_add_func("/trailer/depends-on-limit", test_depends_limit);
	g_test_add_func("/trailer/change-id", test_change_id);
	g_test_add_func("/trailer/shortlog", test_shortlog);
	g_test_add_func("/trailer/shortlog-limit", test_shortlog_limit);
	return g_test_run();
}
