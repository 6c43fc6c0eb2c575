/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Header blocks: whole, folded, broken, with NULs, and where the body starts. */
#include "lib/text/header.h"

#include <string.h>

typedef struct {
	const char *name;
	const char *mail;
	const char *text;
	const char *body;
} Case;

static const Case cases[] = {
	{"empty", "", "", ""},
	{"usual", "From: a\nTo: b\n\nbody\n", "From: a\nTo: b", "body\n"},
	{"CRLF", "From: a\r\nTo: b\r\n c\r\n\r\nbody\r\n", "From: a\nTo: b\n c",
	 "body\r\n"},
	{"no body", "From: a\n", "From: a", ""},
	{"no line end", "From: a", "From: a", ""},
	{"only a blank line", "\nbody", "", "body"},
	{"From_ line", "From a@b Mon\nFrom: a\n\nx", "From: a", "x"},
	{"quoted From_ line", ">From a@b Mon\nFrom: a\n\nx", "From: a", "x"},
	{"From_ line later", "A: b\nFrom a@b Mon\nC: d\n\n", "A: b\nC: d", ""},
	{"byte order mark",
	 "\xef\xbb\xbf"
	 "A: b\n\nx",
	 "A: b", "x"},
	{"folds", "A: b\n\tc\n  d\n\n", "A: b\n\tc\n  d", ""},
	{"fold after the colon", "A:\n b\n\n", "A: \n b", ""},
	{"blank continuation", "A: b\n \n c\n\nx", "A: b\n \n c", "x"},
	{"no blank after the colon", "A:b\n\n", "A: b", ""},
	{"blanks after the colon", "A: \t b \n\n", "A: b ", ""},
	{"blank before the colon", "Subject : x\n\n", "Subject: x", ""},
	{"no colon", "A: b\nbroken line\nC: d\n\nx", "A: b\nC: d", "x"},
	{"continuation of a broken line", "A: b\nbroken\n more: x\nC: d\n\n",
	 "A: b\nC: d", ""},
	{"blank in the name", "X Bad: v\nA: b\n\n", "A: b", ""},
	{"no name", ": v\nA: b\n\n", "A: b", ""},
	{"continuation first", " x\nA: b\n\n", "A: b", ""},
	{"lone CR", "A: b\rC: d\n\n", "A: b\rC: d", ""},
	{"duplicates", "A: 1\na: 2\n\n", "A: 1\na: 2", ""},
	{"8-bit", "A: Bj\xf6rn\nB: Bj\xc3\xb6rn\n\n", "A: Björn\nB: Björn", ""},
	{"8-bit name", "S\xc3\xbc: x\n\n", "Sü: x", ""},
	{"empty value", "A:\nB: c\n\n", "A: \nB: c", ""},
};

static void
test_case(gconstpointer data)
{
	const Case *c = data;
	size_t len = strlen(c->mail);
	g_autofree char *mail = g_memdup2(c->mail, len);
	size_t body;

	g_autoptr(PmHeaders) headers = pm_headers_new(mail, len, &body);
	g_autofree char *text = pm_headers_text(headers);
	g_assert_cmpstr(text, ==, c->text);
	g_assert_cmpuint(body, <=, len);
	g_assert_cmpstr(c->mail + body, ==, c->body);
}

static void
test_lookup(void)
{
	static const char mail[] =
		"Subject: one\nX: =?utf-8?q?=C3=A4?=\n b\nsubject: two\n\n";
	g_autoptr(PmHeaders) headers = pm_headers_new(mail, strlen(mail), NULL);
	g_autofree char *decoded = pm_headers_decoded(headers, "x", 0);

	g_assert_cmpstr(pm_headers_raw(headers, "SUBJECT", 0), ==, "one");
	g_assert_cmpstr(pm_headers_raw(headers, "Subject", 1), ==, "two");
	g_assert_null(pm_headers_raw(headers, "Subject", 2));
	g_assert_null(pm_headers_raw(headers, "Sub", 0));
	g_assert_null(pm_headers_decoded(headers, "To", 0));
	g_assert_cmpstr(decoded, ==, "ä b");
	g_assert_cmpuint(pm_headers_count(headers), ==, 3);
	g_assert_cmpstr(pm_headers_name_at(headers, 1), ==, "X");
	g_assert_cmpstr(pm_headers_raw_at(headers, 1), ==, "=?utf-8?q?=C3=A4?=\n b");
}

static void
test_nul(void)
{
	static const char mail[] = "A: b\0c\0\n\0d\nS\0: x\n\nbody";
	g_autoptr(PmHeaders) headers = pm_headers_new(mail, sizeof mail - 1, NULL);

	g_assert_cmpstr(pm_headers_raw(headers, "A", 0), ==, "bc");
}

static void
test_many(void)
{
	g_autoptr(GString) mail = g_string_new(NULL);

	for (guint i = 0; i < 200000; i++)
		g_string_append(mail, "X: y\n z\n");
	g_autoptr(PmHeaders) headers = pm_headers_new(mail->str, mail->len, NULL);
	g_assert_cmpuint(pm_headers_count(headers), ==, 200000);
	g_assert_cmpstr(pm_headers_raw(headers, "X", 199999), ==, "y\n z");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/header/", cases[i].name, NULL);
		g_test_add_data_func(path, &cases[i], test_case);
	}
	g_test_add_func("/header/lookup", test_lookup);
	g_test_add_func("/header/nul", test_nul);
	g_test_add_func("/header/many", test_many);
	return g_test_run();
}
