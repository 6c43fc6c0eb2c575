/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Message-IDs and References, their order and their limits. */
#include "lib/text/msgid.h"

#include <string.h>

typedef struct {
	const char *name;
	const char *raw;
	const char *want; /* NULL: no id */
} Case;

static const Case cases[] = {
	{"usual", "<a@example.org>", "<a@example.org>"},
	{"blanks", "  <a@example.org>\t", "<a@example.org>"},
	{"folded", "\n <a@example.org>", "<a@example.org>"},
	{"comment after", "<a@example.org> (added by relay)", "<a@example.org>"},
	{"comment before", "(was <b@example.org>) <a@example.org>", "<a@example.org>"},
	{"nested comment", "((<c@x>) <b@x>) <a@x>", "<a@x>"},
	{"quoted pair in a comment", "(\\) <b@x>) <a@x>", "<a@x>"},
	{"only in a comment", "(<a@x>)", "<a@x>"},
	{"comment without end", "(see <a@x>", "<a@x>"},
	{"text before", "Your message of \"Mon\" <a@x>", "<a@x>"},
	{"two", "<a@x> <b@x>", "<a@x>"},
	{"no brackets", " a@example.org ", "a@example.org"},
	{"no brackets, half", "uk>", "uk>"},
	{"no end", "<a@x", "<a@x"},
	{"empty", "", NULL},
	{"blank", " \n ", NULL},
	{"empty brackets", "<>", "<>"},
	{"double brackets", "<<a@x>>", "<<a@x>"},
	{"anew after a blank", "<cut off\n <b@x>", "<b@x>"},
	{"fold inside", "<long\n tail@x>", "<longtail@x>"},
	{"blanks inside", "<a  b@x>", "<a b@x>"},
	{"encoded", "=?utf-8?q?=3Ca=40x=3E?=", "<a@x>"},
	{"parentheses inside", "<a(b)c@x>", "<a(b)c@x>"},
	{"8-bit", "<\xe4@x>", "<ä@x>"},
};

static void
test_case(gconstpointer data)
{
	const Case *c = data;
	g_autofree char *got = pm_msgid_first(c->raw);

	g_assert_cmpstr(got, ==, c->want);
}

static void
test_limits(void)
{
	for (size_t n = PM_MSGID_MAX - 1; n <= PM_MSGID_MAX + 1; n++) {
		g_autofree char *fill = g_strnfill(n - 2, 'm');
		g_autofree char *raw = g_strconcat("<", fill, ">", NULL);
		g_autofree char *got = pm_msgid_first(raw);
		g_assert_cmpuint(strlen(got), ==, MIN(n, PM_MSGID_MAX));
		g_assert_true(g_str_has_prefix(raw, got));
	}
	g_assert_null(pm_msgid_first(NULL));
}

typedef struct {
	const char *name;
	const char *mail;
	const char *own;
	const char *want; /* joined by blanks */
} RefsCase;

static const RefsCase refs_cases[] = {
	{"none", "A: b\n", NULL, ""},
	{"in-reply-to", "In-Reply-To: <a@x>\n", NULL, "<a@x>"},
	{"references backwards", "References: <a@x>\n\t<b@x>\n <c@x>\n", NULL,
	 "<c@x> <b@x> <a@x>"},
	{"both", "References: <a@x> <b@x>\nIn-Reply-To: <b@x>\n", NULL, "<b@x> <a@x>"},
	{"first of each in-reply-to", "In-Reply-To: <a@x> <b@x>\nin-reply-to: <c@x>\n",
	 NULL, "<a@x> <c@x>"},
	{"two references headers", "References: <a@x>\nReferences: <b@x>\n", NULL,
	 "<b@x> <a@x>"},
	{"without own", "References: <a@x> <me@x>\n", "<me@x>", "<a@x>"},
	{"each once", "References: <a@x> <b@x> <a@x>\n", NULL, "<a@x> <b@x>"},
	{"garbage between", "References: <a@x>, foo; <b@x>:(<z@x>)[<c@x>]\n", NULL,
	 "<c@x> <b@x> <a@x>"},
	{"comment", "References: <a@x> (of <z@x>)\n", NULL, "<a@x>"},
	{"comment without end", "References: <a@x> (of <z@x>\n", NULL, "<z@x> <a@x>"},
	{"cut in the middle", "References: <a@x> <b@x\n <c@x>\n", NULL, "<c@x> <a@x>"},
	{"no brackets", "In-Reply-To: a@x\n", NULL, "a@x"},
	{"prose", "In-Reply-To: your mail of Monday\n", NULL, ""},
	{"encoded", "References: =?utf-8?q?=3Ca=40x=3E?= <b@x>\n", NULL, "<b@x> <a@x>"},
};

static void
test_references(gconstpointer data)
{
	const RefsCase *c = data;
	g_autoptr(PmHeaders) headers = pm_headers_new(c->mail, strlen(c->mail), NULL);
	g_auto(GStrv) refs = pm_msgid_references(headers, c->own);
	g_autofree char *got = g_strjoinv(" ", refs);

	g_assert_cmpstr(got, ==, c->want);
}

static void
check_kept(guint n)
{
	g_autoptr(GString) mail = g_string_new("References:");

	for (guint i = 1; i <= n; i++)
		g_string_append_printf(mail, " <%u@x>", i);
	g_autoptr(PmHeaders) headers = pm_headers_new(mail->str, mail->len, NULL);
	g_auto(GStrv) refs = pm_msgid_references(headers, NULL);
	guint kept = MIN(n, PM_REFS_MAX);
	g_autofree char *nearest = g_strdup_printf("<%u@x>", n);
	g_assert_cmpuint(g_strv_length(refs), ==, kept);
	g_assert_cmpstr(refs[0], ==, nearest);
	g_assert_cmpstr(refs[kept - 1], ==, "<1@x>");
}

static void
test_references_limit(void)
{
	check_kept(PM_REFS_MAX - 1);
	check_kept(PM_REFS_MAX);
	check_kept(PM_REFS_MAX + 1);
	check_kept(20000);
}

static void
test_own(void)
{
	static const char mail[] = "message-id: <a@x>\nMessage-ID: <b@x>\n\n";
	g_autoptr(PmHeaders) headers = pm_headers_new(mail, strlen(mail), NULL);
	g_autoptr(PmHeaders) none = pm_headers_new("A: b\n", 5, NULL);
	g_autofree char *own = pm_msgid_own(headers);

	g_assert_cmpstr(own, ==, "<a@x>");
	g_assert_null(pm_msgid_own(none));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/msgid/first/", cases[i].name, NULL);
		g_test_add_data_func(path, &cases[i], test_case);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(refs_cases); i++) {
		g_autofree char *path =
			g_strconcat("/msgid/references/", refs_cases[i].name, NULL);
		g_test_add_data_func(path, &refs_cases[i], test_references);
	}
	g_test_add_func("/msgid/limits", test_limits);
	g_test_add_func("/msgid/references limit", test_references_limit);
	g_test_add_func("/msgid/own", test_own);
	return g_test_run();
}
