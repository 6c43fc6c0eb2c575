/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Encoded words as mailers write them, broken ones, and rows of them that
 * slow decoders down. */
#include "lib/text/rfc2047.h"

#include <string.h>

typedef struct {
	const char *name;
	const char *raw;
	const char *want;
} Case;

static const Case cases[] = {
	{"empty", "", ""},
	{"plain", "plain text", "plain text"},
	{"white space", " \t a \r\n\t b  c\v\f ", "a b c"},
	{"unicode white space",
	 "a\xc2\xa0\xe3\x80\x80"
	 "b\xe2\x80\xa8",
	 "a b"},
	{"fold", "one\n two", "one two"},
	{"lone CR", "one\rtwo", "one two"},
	{"q", "=?utf-8?q?gr=C3=BC=C3=9Fe_an?=", "grüße an"},
	{"Q, upper case", "=?UTF-8?Q?gr=c3=bc=c3=9fe?=", "grüße"},
	{"b", "=?utf-8?b?QmrDtnJu?= x", "Björn x"},
	{"B, upper case", "=?UTF-8?B?QmrDtnJu?=", "Björn"},
	{"two words", "=?utf-8?q?a?= =?utf-8?q?b?=", "ab"},
	{"two words, folded", "=?utf-8?q?a?=\n =?utf-8?q?b?=", "ab"},
	{"two words and text", "=?utf-8?q?a?= x =?utf-8?q?b?=", "a x b"},
	{"two charsets", "=?utf-8?q?=C3=A4?= =?iso-8859-1?q?=F6?=", "äö"},
	{"a character over two words", "=?utf-8?q?=C3?= =?UTF-8?b?pA==?=", "ä"},
	{"padding in the first word", "=?utf-8?b?YQ==?= =?utf-8?b?Yg==?=", "ab"},
	{"padding left out", "=?utf-8?b?w6Q?=", "ä"},
	{"padding inside", "=?utf-8?b?YQ==Yg==?=", "ab"},
	{"too much padding", "=?utf-8?b?YWI====?=", "ab"},
	{"blank in b", "=?utf-8?b?QmrD tnJu?= x", "Björn x"},
	{"b that is none", "=?utf-8?B?A?= tail", "=?utf-8?B?A?= tail"},
	{"b with foreign bytes", "a =?utf-8?B?Y!Q=?= b", "a =?utf-8?B?Y!Q=?= b"},
	{"broken b between words",
	 "=?utf-8?q?a?= =?utf-8?b?A?= =?utf-8?q?b?=", "a =?utf-8?b?A?= b"},
	{"empty word", "a =?utf-8?q?\?= b", "a b"},
	{"glued to text", "caf=?utf-8?q?=C3=A9?=s", "cafés"},
	{"glued to each other", "=?utf-8?q?a?==?utf-8?q?b?=", "ab"},
	{"in quotes", "\"=?UTF-8?Q?D=C3=B6e=2C_J?=\" <j@example.org>",
	 "\"Döe, J\" <j@example.org>"},
	{"blanks in q", "=?utf-8?q?a b c?= d", "a b c d"},
	{"fold in q", "=?utf-8?q?a\n b?=", "a b"},
	{"question mark in q", "=?utf-8?q?why?_now?=", "why? now"},
	{"equals sign in q", "=?utf-8?q?a=b=?=", "a=b="},
	{"half an escape", "=?utf-8?q?a=4?=", "a=4"},
	{"language", "=?utf-8*en-GB?q?x=C3=A4?=", "xä"},
	{"unknown charset", "=?x-nonsense?q?abc=E4?= end", "abcä end"},
	{"wrong charset", "=?us-ascii?q?=C3=A4?=", "ä"},
	{"gb2312 widened", "=?gb2312?b?6UY=?=", "镕"},
	{"iso-2022-jp", "=?ISO-2022-JP?B?GyRCRnwbKEI=?=", "日"},
	{"encoded white space", "=?utf-8?q?a=0A=09b?=", "a b"},
	{"encoded NUL", "=?utf-8?q?a=00b?=", "ab"},
	{"raw utf-8", "Bj\xc3\xb6rn", "Björn"},
	{"raw latin-1", "Bj\xf6rn", "Björn"},
	{"both", "Bj\xf6rn T\xc3\xb6pel", "Björn Töpel"},
	{"raw beside words", "\xf6 =?utf-8?q?=C3=A4?= \xc3\xb6", "ö ä ö"},
	{"no end", "=?utf-8?q?abc", "=?utf-8?q?abc"},
	{"no end before a word", "=?utf-8?q?ab =?utf-8?q?c?=", "=?utf-8?q?ab c"},
	{"no encoding", "=?utf-8?x?abc?=", "=?utf-8?x?abc?="},
	{"no charset", "=??q?abc?=", "=??q?abc?="},
	{"only a start", "=?", "=?"},
	{"start of a word", "=?utf-8?q", "=?utf-8?q"},
	{"equation", "a=?b", "a=?b"},
};

static void
test_case(gconstpointer data)
{
	const Case *c = data;
	size_t len = strlen(c->raw);
	g_autofree char *raw = g_memdup2(c->raw, len);

	g_autofree char *got = pm_header_decode(raw, len);
	g_assert_cmpstr(got, ==, c->want);
}

static void
test_nul(void)
{
	g_autofree char *a = pm_header_decode("a\0b", 3);
	g_autofree char *b = pm_header_decode("\0=\0?utf-8?q?\0x?=", 16);

	g_assert_cmpstr(a, ==, "ab");
	g_assert_cmpstr(b, ==, "x");
}

/* Every start of every case, from a buffer that ends there: valid UTF-8. */
static void
test_cut_anywhere(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		size_t len = strlen(cases[i].raw);
		for (size_t n = 0; n <= len; n++) {
			g_autofree char *raw = g_memdup2(cases[i].raw, n);
			g_autofree char *got = pm_header_decode(raw, n);
			g_assert_true(g_utf8_validate(got, -1, NULL));
		}
	}
}

/* What takes other decoders minutes takes us milliseconds. */
static void
test_linear(gconstpointer data)
{
	const char *piece = data;
	g_autoptr(GString) raw = g_string_new(NULL);

	while (raw->len < 128 * 1024)
		g_string_append(raw, piece);
	gint64 start = g_get_monotonic_time();
	g_autofree char *got = pm_header_decode(raw->str, raw->len);
	g_assert_true(g_utf8_validate(got, -1, NULL));
	g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
	static const char *const bombs[] = {
		"=?a?q? ",
		"=?a?q?x",
		"=?",
		"=?utf-8?b?YQ==?= ",
		"=?cp437?q?=E4?= =?cp850?q?=E4?= ",
		"\xe4 ",
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/rfc2047/", cases[i].name, NULL);
		g_test_add_data_func(path, &cases[i], test_case);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(bombs); i++) {
		g_autofree char *path = g_strdup_printf("/rfc2047/linear/%zu", i);
		g_test_add_data_func(path, bombs[i], test_linear);
	}
	g_test_add_func("/rfc2047/nul", test_nul);
	g_test_add_func("/rfc2047/cut anywhere", test_cut_anywhere);
	return g_test_run();
}
