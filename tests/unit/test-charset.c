/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Charsets as mail declares them, and bytes that do not fit. */
#include "lib/text/charset.h"

#include <string.h>

typedef struct {
	const char *name;
	const char *bytes;
	size_t len; /* 0: strlen */
	const char *charset;
	const char *want;
	PmCharsetHow how;
} Case;

static const Case cases[] = {
	{"ascii", "abc", 0, "us-ascii", "abc", PM_CHARSET_DECLARED},
	{"empty", "", 0, "utf-8", "", PM_CHARSET_DECLARED},
	{"none, ascii", "abc", 0, NULL, "abc", PM_CHARSET_GUESSED},
	{"none, utf-8",
	 "gr\xc3\xbc\xc3\x9f"
	 "e",
	 0, NULL, "grüße", PM_CHARSET_GUESSED},
	{"none, windows-1252", "\x93x\x94", 0, NULL, "“x”", PM_CHARSET_GUESSED},
	{"none, a hole of windows-1252", "\x81\xe4", 0, NULL, "\xc2\x81ä",
	 PM_CHARSET_GUESSED},
	{"utf-8", "\xe2\x82\xac", 0, "utf-8", "€", PM_CHARSET_DECLARED},
	{"utf8", "\xe2\x82\xac", 0, "UTF8", "€", PM_CHARSET_DECLARED},
	{"quotes", "\xe2\x82\xac", 0, "\"utf-8", "€", PM_CHARSET_DECLARED},
	{"blanks", "\xe4", 0, " iso-8859-1 ", "ä", PM_CHARSET_DECLARED},
	{"utf-8 with a bad byte", "a\xff", 0, "utf-8", "aÿ", PM_CHARSET_WRONG},
	{"us-ascii with utf-8", "\xc3\xa4", 0, "us-ascii", "ä", PM_CHARSET_WRONG},
	{"us-ascii with latin-1", "\xe4", 0, "us-ascii", "ä", PM_CHARSET_WRONG},
	{"latin-1 keeps controls", "\x93", 0, "iso-8859-1", "\xc2\x93",
	 PM_CHARSET_DECLARED},
	{"latin1", "\xe4", 0, "latin1", "ä", PM_CHARSET_DECLARED},
	{"iso-8859-15", "\xa4", 0, "iso-8859-15", "€", PM_CHARSET_DECLARED},
	{"windows-1252", "\x80", 0, "Windows-1252", "€", PM_CHARSET_DECLARED},
	{"windows-1252 hole", "\x81", 0, "cp1252", "\xc2\x81", PM_CHARSET_WRONG},
	{"cp-850", "\x84", 0, "cp-850", "ä", PM_CHARSET_DECLARED},
	{"koi8-r", "\xc1", 0, "koi8-r", "а", PM_CHARSET_DECLARED},
	{"gb2312", "\xd6\xd0", 0, "gb2312", "中", PM_CHARSET_DECLARED},
	{"gb2312 that is gbk", "\xe9\x46", 0, "GB2312", "镕", PM_CHARSET_DECLARED},
	{"ks_c_5601-1987", "\xc7\xd1", 0, "ks_c_5601-1987", "한", PM_CHARSET_DECLARED},
	{"ks_c_5601-1987 that is uhc", "\x8c\x63", 0, "ks_c_5601-1987", "똠",
	 PM_CHARSET_DECLARED},
	{"big5", "\xa4\xa4", 0, "big5", "中", PM_CHARSET_DECLARED},
	{"shift_jis", "\x93\xfa", 0, "shift_jis", "日", PM_CHARSET_DECLARED},
	{"euc-jp", "\xc6\xfc", 0, "euc-jp", "日", PM_CHARSET_DECLARED},
	{"iso-2022-jp", "\x1b$BF|\x1b(B", 0, "iso-2022-jp", "日", PM_CHARSET_DECLARED},
	{"iso-2022-jp, ascii only", "abc", 0, "ISO-2022-JP", "abc", PM_CHARSET_DECLARED},
	{"utf-7", "a+AOQ-b", 0, "utf-7", "aäb", PM_CHARSET_DECLARED},
	{"utf-16",
	 "\xff\xfe"
	 "a\0\n\0",
	 6, "utf-16", "a\n", PM_CHARSET_DECLARED},
	{"utf-16le", "a\0b\0", 4, "utf-16le", "ab", PM_CHARSET_DECLARED},
	{"utf-16 that is ascii", "hello!", 0, "utf-16", "hello!", PM_CHARSET_WRONG},
	{"unknown", "\xc3\xa4", 0, "x-unknown", "ä", PM_CHARSET_GUESSED},
	{"unknown-8bit", "\xe4", 0, "unknown-8bit", "ä", PM_CHARSET_GUESSED},
	{"rot13", "uryyb", 0, "rot13", "uryyb", PM_CHARSET_GUESSED},
	{"base64", "aGVsbG8=", 0, "base64", "aGVsbG8=", PM_CHARSET_GUESSED},
	{"idna", "xn--a", 0, "idna", "xn--a", PM_CHARSET_GUESSED},
	{"unicode_escape", "\\u0041", 0, "unicode_escape", "\\u0041", PM_CHARSET_GUESSED},
	{"java", "\\u0041", 0, "java", "\\u0041", PM_CHARSET_GUESSED},
	{"iconv's own syntax", "\xc3\xa4", 0, "ascii//TRANSLIT", "ä", PM_CHARSET_GUESSED},
	{"wchar_t", "abcd", 0, "WCHAR_T", "abcd", PM_CHARSET_GUESSED},
	{"empty name", "\xe4", 0, "", "ä", PM_CHARSET_GUESSED},
	{"NUL", "a\0b", 3, "utf-8", "ab", PM_CHARSET_DECLARED},
	{"NUL without charset", "a\0\xe4", 3, NULL, "aä", PM_CHARSET_GUESSED},
	{"NUL in iconv's way", "\0\xa4\0", 3, "iso-8859-15", "€", PM_CHARSET_DECLARED},
	{"surrogates", "\xed\xa0\x80", 0, "utf-8", "í\xc2\xa0€", PM_CHARSET_WRONG},
};

static void
test_case(gconstpointer data)
{
	const Case *c = data;
	size_t len = c->len != 0 ? c->len : strlen(c->bytes);
	/* A copy of exactly this length shows reads behind it under ASan. */
	g_autofree char *bytes = g_memdup2(c->bytes, len);
	size_t got_len;
	PmCharsetHow how;

	g_autofree char *got = pm_charset_to_utf8(bytes, len, c->charset, &got_len, &how);
	g_assert_cmpstr(got, ==, c->want);
	g_assert_cmpuint(got_len, ==, strlen(c->want));
	g_assert_cmpint(how, ==, c->how);
}

static void
test_long(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	size_t len;
	PmCharsetHow how;

	for (guint i = 0; i < 10000; i++)
		g_string_append(text, "a\xa4");
	g_autofree char *got =
		pm_charset_to_utf8(text->str, text->len, "iso-8859-15", &len, &how);
	g_assert_cmpuint(len, ==, 40000);
	g_assert_cmpint(how, ==, PM_CHARSET_DECLARED);
	g_assert_true(g_str_has_suffix(got, "a€a€"));
}

static void
test_name_limit(void)
{
	g_autofree char *name = g_strnfill(1024 * 1024, 'A');
	PmCharsetHow how;

	g_autofree char *got = pm_charset_to_utf8("\xe4", 1, name, NULL, &how);
	g_assert_cmpstr(got, ==, "ä");
	g_assert_cmpint(how, ==, PM_CHARSET_GUESSED);
}

/* More names than descriptors are kept for, twice. */
static void
test_cache(void)
{
	for (guint i = 0; i < 400; i++) {
		g_autofree char *unknown = g_strdup_printf("x-%u", i % 200);
		g_autofree char *a = pm_charset_to_utf8("\xe4", 1, unknown, NULL, NULL);
		g_autofree char *b =
			pm_charset_to_utf8("\xa4", 1, "iso-8859-15", NULL, NULL);
		g_assert_cmpstr(a, ==, "ä");
		g_assert_cmpstr(b, ==, "€");
	}
}

static gpointer
convert_in_thread(gpointer unused)
{
	(void)unused;
	test_cache();
	return NULL;
}

static void
test_threads(void)
{
	GThread *threads[4];

	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("charset", convert_in_thread, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
}

/* Around the eight bytes that are looked at together. */
static void
test_is_valid(void)
{
	for (size_t n = 0; n < 20; n++) {
		g_autofree char *text = g_strnfill(n, 'a');
		g_assert_true(pm_utf8_is_valid(text, n));
		for (size_t i = 0; i < n; i++) {
			g_autofree char *bytes = g_memdup2(text, n);
			bytes[i] = '\0';
			g_assert_true(pm_utf8_is_valid(bytes, n));
			bytes[i] = '\xc3';
			g_assert_false(pm_utf8_is_valid(bytes, n));
			if (i + 1 == n)
				continue;
			bytes[i + 1] = '\xa4';
			g_assert_true(pm_utf8_is_valid(bytes, n));
			bytes[i + 1] = '\0';
			g_assert_false(pm_utf8_is_valid(bytes, n));
		}
	}
}

static void
test_cut(void)
{
	char text[] = "aäb€c";

	g_assert_cmpstr(pm_utf8_cut(text, 5), ==, "aäb€c");
	g_assert_cmpstr(pm_utf8_cut(text, 4), ==, "aäb€");
	g_assert_cmpstr(pm_utf8_cut(text, 2), ==, "aä");
	g_assert_cmpstr(pm_utf8_cut(text, 0), ==, "");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/charset/", cases[i].name, NULL);
		g_test_add_data_func(path, &cases[i], test_case);
	}
	g_test_add_func("/charset/long", test_long);
	g_test_add_func("/charset/name limit", test_name_limit);
	g_test_add_func("/charset/cache", test_cache);
	g_test_add_func("/charset/threads", test_threads);
	g_test_add_func("/charset/is valid", test_is_valid);
	g_test_add_func("/charset/cut", test_cut);
	return g_test_run();
}
