/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Regular expressions of admins on the text of strangers. */
#include "lib/text/pattern.h"

#include <string.h>
#include <time.h>

#include "lib/error.h"

typedef struct {
	const char *name;
	const char *regex;
	const char *text;
	guint want;
} Case;

static const Case cases[] = {
	{"tag", "^Acked-by:", "x\nAcked-by: a\nacked-by: b\n Acked-by: c\n", 2},
	{"none", "^Acked-by:", "nothing", 0},
	{"ignores case", "straße", "STRAßE", 1},
	{"Unicode classes", "^\\w+$", "größe", 1},
	{"end of a line", "a$", "a\na\nb", 2},
	{"CR is no line end", "a$", "a\r\na", 1},
	{"named group", "(?P<who>a)(?P=who)", "aa aa", 2},
	{"empty matches", "x*", "aä€", 4},
	{"empty text", "^$", "", 1},
	{"lookbehind", "(?<=a)b", "abab", 2},
	{"not overlapping", "aa", "aaaa", 2},
	{"invalid UTF-8", "a",
	 "\xff"
	 "a\xc3"
	 "a",
	 2},
};

static void
test_case(gconstpointer data)
{
	const Case *c = data;
	size_t len = strlen(c->text);
	g_autofree char *text = g_memdup2(c->text, len);
	g_autoptr(GError) error = NULL;
	g_autoptr(PmPattern) pattern = pm_pattern_new(c->regex, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(pm_pattern_count(pattern, text, len), ==, c->want);
	g_assert_cmpint(pm_pattern_matches(pattern, text, len), ==, c->want > 0);
}

static void
test_broken(void)
{
	static const char *const broken[] = {"(", "[", "*", "a{2,1}", "(?P<", "\xff"};

	for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_null(pm_pattern_new(broken[i], &error));
		g_assert_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
	}
}

/* Exponential regexes on the text that they are slowest on. */
static void
test_limits(void)
{
	static const char *const slow[] = {"(a+)+$", "(a|aa)+$",
					   "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)*x"};
	g_autofree char *text = g_strnfill(50000, 'a');

	text[49999] = '!';
	for (size_t i = 0; i < G_N_ELEMENTS(slow); i++) {
		g_autoptr(PmPattern) pattern = pm_pattern_new(slow[i], NULL);
		gint64 start = g_get_monotonic_time();
		g_assert_false(pm_pattern_matches(pattern, text, strlen(text)));
		g_assert_cmpuint(pm_pattern_count(pattern, text, strlen(text)), ==, 0);
		g_assert_cmpint(g_get_monotonic_time() - start, <, 10 * G_USEC_PER_SEC);
	}
}

/* What is quadratic or worse on a long text, with and without limits of PCRE2's. */
static void
test_long(void)
{
	/* None has a character that it cannot do without, which PCRE2 would look for first. */
	static const char *const slow[] = {"a+[bc]",	   "\\w+[@!]",	   "(a+a+)+[bc]",
					   "a*a*a*[bc]",   "(?s).*[bc]",   "[^bc]*[bc]",
					   "(?:a|a)+[bc]", "^(.*)*\\1[bc]"};
	size_t len = 25 * 1000 * 1000;
	g_autofree char *text = g_strnfill(len, 'a');

	for (size_t i = 0; i < G_N_ELEMENTS(slow); i++) {
		g_autoptr(PmPattern) pattern = pm_pattern_new(slow[i], NULL);
		clock_t start = clock();
		g_assert_false(pm_pattern_matches(pattern, text, len));
		g_assert_cmpint(clock() - start, <, 10 * CLOCKS_PER_SEC);
		g_test_message("%s: %.2f s", slow[i],
			       (double)(clock() - start) / CLOCKS_PER_SEC);
	}
}

/* Where a text is cut makes no difference. */
static void
test_pieces(void)
{
	static const struct {
		const char *regex, *unit;
		guint of_each;
	} pieces[] = {
		{"^Acked-by: \\S+$", "Acked-by: a\n", 1},
		{"(?<=b)€", "ab€ \n\n", 1},
		{"^", "€€€€€€€\n", 1},
		{"a\\nb", "a\nb", 1},
		{"€", "\xe2€\x82\xac", 1},
		{"^$", "x\n\n", 1},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(PmPattern) pattern = pm_pattern_new(pieces[i].regex, NULL);
		/* Around what is looked at at once: places, pieces. */
		for (guint n = 1; n <= 9000; n = n * 3 / 2 + 1) {
			g_autoptr(GString) text = g_string_new(NULL);
			for (guint k = 0; k < n; k++)
				g_string_append(text, pieces[i].unit);
			g_string_append_c(text, '.');
			guint extra = g_str_equal(pieces[i].regex, "^");
			g_assert_cmpuint(pm_pattern_count(pattern, text->str, text->len),
					 ==, n * pieces[i].of_each + extra);
		}
	}
}

static void
test_count_limit(void)
{
	g_autofree char *text = g_strnfill(PM_PATTERN_COUNT_MAX + 1, 'a');
	g_autoptr(PmPattern) pattern = pm_pattern_new("a", NULL);

	for (guint n = PM_PATTERN_COUNT_MAX - 1; n <= PM_PATTERN_COUNT_MAX + 1; n++)
		g_assert_cmpuint(pm_pattern_count(pattern, text, n), ==,
				 MIN(n, PM_PATTERN_COUNT_MAX));
	pm_pattern_free(NULL);
}

static gpointer
count_often(gpointer pattern)
{
	for (guint i = 0; i < 2000; i++)
		g_assert_cmpuint(pm_pattern_count(pattern, "ab ab ab", 8), ==, 3);
	return NULL;
}

static void
test_threads(void)
{
	g_autoptr(PmPattern) pattern = pm_pattern_new("(a)(b)", NULL);
	GThread *threads[4];

	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("pattern", count_often, pattern);
	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/pattern/", cases[i].name, NULL);
		g_test_add_data_func(path, &cases[i], test_case);
	}
	g_test_add_func("/pattern/broken", test_broken);
	g_test_add_func("/pattern/limits", test_limits);
	g_test_add_func("/pattern/long", test_long);
	g_test_add_func("/pattern/pieces", test_pieces);
	g_test_add_func("/pattern/count limit", test_count_limit);
	g_test_add_func("/pattern/threads", test_threads);
	return g_test_run();
}
