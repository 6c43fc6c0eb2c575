/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mailboxes, and authors behind lists. */
#include "lib/text/address.h"

#include <string.h>

typedef struct {
	const char *name;
	const char *decoded;
	const char *want_name;
	const char *want_email; /* NULL: nobody */
} Case;

static const Case cases[] = {
	{"usual", "A Dev <dev@example.org>", "A Dev", "dev@example.org"},
	{"no blank", "A Dev<dev@example.org>", "A Dev", "dev@example.org"},
	{"bare", "dev@example.org", NULL, "dev@example.org"},
	{"brackets alone", "<dev@example.org>", "", "dev@example.org"},
	{"empty quotes", "\"\" <dev@example.org>", "", "dev@example.org"},
	{"quotes", "\"A Dev\" <dev@example.org>", "A Dev", "dev@example.org"},
	{"comma in quotes", "\"Dev, A.\" <dev@example.org>", "Dev, A.",
	 "dev@example.org"},
	{"comma without quotes", "Dev, A. <dev@example.org>", "Dev, A.",
	 "dev@example.org"},
	{"escapes stay", "\"A \\\"N\\\" Dev\" <dev@example.org>", "A \\\"N\\\" Dev",
	 "dev@example.org"},
	{"brackets in quotes", "\"A <b@x.org>\" <dev@example.org>", "A <b@x.org>",
	 "dev@example.org"},
	{"quotes around a part", "\"A\" Dev <dev@example.org>", "A Dev",
	 "dev@example.org"},
	{"quotes in the middle", "A \"N\" Dev <dev@example.org>", "A \"N\" Dev",
	 "dev@example.org"},
	{"quote never closed", "\"A Dev <dev@example.org>", "A Dev", "dev@example.org"},
	{"quote never opened", "A Dev\" <dev@example.org>", "A Dev", "dev@example.org"},
	{"single quotes", "'A Dev' <dev@example.org>", "'A Dev'", "dev@example.org"},
	{"comment in the name", "A (Team) Dev <dev@example.org>", "A (Team) Dev",
	 "dev@example.org"},
	{"comment as name", "dev@example.org (A Dev)", "A Dev", "dev@example.org"},
	{"comment with comments", "dev@example.org (A (B) Dev)", "A (B) Dev",
	 "dev@example.org"},
	{"comment before", "(A Dev) dev@example.org", "A Dev", "dev@example.org"},
	{"at", "dev at example.org (A Dev)", "A Dev", "dev@example.org"},
	{"at, bare", "dev at example.org", NULL, "dev@example.org"},
	{"at, brackets", "A Dev <dev at example.org>", "A Dev", "dev@example.org"},
	{"two", "A <a@example.org>, B <b@example.org>", "A", "a@example.org"},
	{"two bare", "a@example.org, b@example.org", NULL, "a@example.org"},
	{"bare and brackets", "a@example.org, B <b@example.org>", NULL, "a@example.org"},
	{"address as name", "a@example.org <b@example.org>", "a@example.org",
	 "b@example.org"},
	{"group", "Team: A <a@example.org>, b@example.org;", "A", "a@example.org"},
	{"group, bare", "Team: a@example.org;", NULL, "a@example.org"},
	{"empty group", "undisclosed-recipients:;", NULL, NULL},
	{"colon in the name", "Team: A <a@example.org>", "Team: A", "a@example.org"},
	{"square brackets", "A [B] <dev@example.org>", "A [B]", "dev@example.org"},
	{"mailto", "A <mailto:dev@example.org>", "A", "dev@example.org"},
	{"apostrophe", "Pat O'Brien <pat.o'brien@example.org>", "Pat O'Brien",
	 "pat.o'brien@example.org"},
	{"host without domain", "A Dev <dev@host.(none)>", "A Dev", "dev@host.(none)"},
	{"localhost", "root <root@localhost>", "root", "root@localhost"},
	{"IDN", "Dev <dev@exämple.org>", "Dev", "dev@exämple.org"},
	{"punycode", "Dev <dev@xn--exmple-cua.org>", "Dev", "dev@xn--exmple-cua.org"},
	{"quoted local part", "Dev <\"a.b\"@example.org>", "Dev", "\"a.b\"@example.org"},
	{"two dots", "Dev <a..b@example.org>", "Dev", "a..b@example.org"},
	{"two at signs", "Dev <a@b@example.org>", "Dev", "a@b@example.org"},
	{"blanks inside", "Dev < dev@ example.org >", "Dev", "dev@example.org"},
	{"brackets that hold no address", "A <team> <dev@example.org>", "A <team>",
	 "dev@example.org"},
	{"bracket never closed", "A <dev@example.org", "A", NULL},
	{"name and bare", "Dev dev@example.org", "Dev", "dev@example.org"},
	{"case is kept", "Dev <Dev@Example.ORG>", "Dev", "Dev@Example.ORG"},
	{"nobody", "Nobody", NULL, NULL},
	{"no domain", "Dev <dev>", NULL, NULL},
	{"no local part", "Dev <@example.org>", NULL, NULL},
	{"no domain behind at", "Dev <dev@>", NULL, NULL},
	{"empty", "", NULL, NULL},
	{"punctuation", "<>,;:\"(", NULL, NULL},
};

static void
test_case(gconstpointer data)
{
	const Case *c = data;
	g_autoptr(PmAddress) got = pm_address_parse(c->decoded);

	if (c->want_email == NULL) {
		g_assert_null(got);
		return;
	}
	g_assert_nonnull(got);
	g_assert_cmpstr(got->name, ==, c->want_name);
	g_assert_cmpstr(got->email, ==, c->want_email);
}

static void
test_limits(void)
{
	for (size_t n = 255; n <= 256; n++) {
		g_autofree char *fill = g_strnfill(n, 'n');
		g_autofree char *text = g_strdup_printf("%s <%s@x>", fill, fill);
		g_autoptr(PmAddress) got = pm_address_parse(text);
		g_assert_cmpuint(strlen(got->name), ==, 255);
		g_assert_cmpuint(strlen(got->email), ==, 255);
	}
	g_assert_null(pm_address_parse(NULL));
	pm_address_free(NULL);
}

#define LIST "list@example.org"

typedef struct {
	const char *name;
	const char *mail;
	const char *want_name;
	const char *want_email;
	const char *how;
} AuthorCase;

static const AuthorCase author_cases[] = {
	{"plain", "From: A <a@x>\nReply-To: B <b@x>\n", "A", "a@x", "From"},
	{"encoded", "From: =?utf-8?q?=C3=84?= <a@x>\n", "Ä", "a@x", "From"},
	{"raw latin-1", "From: Bj\xf6rn <a@x>\n", "Björn", "a@x", "From"},
	{"first of two", "From: A <a@x>\nFrom: B <b@x>\n", "A", "a@x", "From"},
	{"none", "To: A <a@x>\n", NULL, NULL, NULL},
	{"list alone", "From: " LIST "\n", NULL, LIST, "From"},
	{"x-original-from", "From: 'A' via L <" LIST ">\nX-Original-From: A <a@x>\n", "A",
	 "a@x", "X-Original-From"},
	{"x-original-from of nobody",
	 "From: 'A' via L <" LIST ">\nX-Original-From: A\nReply-To: A <a@x>\n", "A",
	 "a@x", "Reply-To"},
	{"x-original-sender", "From: 'A' via L <" LIST ">\nX-Original-Sender: a@x\n", "A",
	 "a@x", "X-Original-Sender"},
	{"reply-to by name", "From: A via L <" LIST ">\nReply-To: L <other@x>, A <a@x>\n",
	 "A", "a@x", "Reply-To"},
	{"reply-to, list too",
	 "From: A via L <" LIST ">\nReply-To: L <" LIST ">, A <a@x>\n", "A", "a@x",
	 "Reply-To"},
	{"sole stranger in reply-to", "From: Some One <" LIST ">\nReply-To: a@x\n", NULL,
	 "a@x", "Reply-To"},
	{"cc by name", "From: 'A' via L <" LIST ">\nCc: B <b@x>, A <a@x>\n", "A", "a@x",
	 "Cc"},
	{"cc, second header", "From: A via L <" LIST ">\nCc: B <b@x>\nCc: A <a@x>\n", "A",
	 "a@x", "Cc"},
	{"cc, comma in quotes",
	 "From: \"Dev, A via L\" <" LIST ">\nCc: \"Dev, A\" <a@x>\n", "Dev, A", "a@x",
	 "Cc"},
	{"cc, comma encoded",
	 "From: \"Dev, A via L\" <" LIST ">\nCc: =?utf-8?q?Dev=2C_A?= <a@x>\n", "Dev, A",
	 "a@x", "Cc"},
	{"cc, other case", "From: A DEV VIA L <LIST@Example.org>\nCc: a dev <a@x>\n",
	 "a dev", "a@x", "Cc"},
	{"cc, family name first", "From: A Dev via L <" LIST ">\nCc: \"Dev, A\" <a@x>\n",
	 "Dev, A", "a@x", "Cc"},
	{"cc, not there", "From: A via L <" LIST ">\nCc: B <b@x>\n", "A via L", LIST,
	 "From"},
	{"cc, bare stranger", "From: Some One <" LIST ">\nCc: b@x\n", "Some One", LIST,
	 "From"},
	{"cc of nobody", "From: Some One <" LIST ">\nCc: undisclosed-recipients:;\n",
	 "Some One", LIST, "From"},
};

static void
test_author(gconstpointer data)
{
	const AuthorCase *c = data;
	const char *how = NULL;
	g_autoptr(PmHeaders) headers = pm_headers_new(c->mail, strlen(c->mail), NULL);
	g_autoptr(PmAddress) got = pm_address_author(headers, LIST, &how);

	g_assert_cmpstr(how, ==, c->how);
	g_assert_cmpstr(got != NULL ? got->name : NULL, ==, c->want_name);
	g_assert_cmpstr(got != NULL ? got->email : NULL, ==, c->want_email);
}

static void
test_no_list(void)
{
	static const char mail[] = "From: A via L <" LIST ">\nReply-To: A <a@x>\n";
	g_autoptr(PmHeaders) headers = pm_headers_new(mail, strlen(mail), NULL);
	g_autoptr(PmAddress) got = pm_address_author(headers, NULL, NULL);

	g_assert_cmpstr(got->email, ==, LIST);
}

static void
test_linear(gconstpointer data)
{
	const char *piece = data;
	g_autoptr(GString) text = g_string_new("From: A via L <" LIST ">\nCc: ");
	size_t start = text->len;

	while (text->len < 128 * 1024)
		g_string_append(text, piece);
	gint64 begun = g_get_monotonic_time();
	g_autoptr(PmAddress) parsed = pm_address_parse(text->str + start);
	g_autoptr(PmHeaders) headers = pm_headers_new(text->str, text->len, NULL);
	g_autoptr(PmAddress) author = pm_address_author(headers, LIST, NULL);
	g_assert_nonnull(author);
	g_assert_cmpint(g_get_monotonic_time() - begun, <, 20 * G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
	static const char *const bombs[] = {
		"\"", "<", "(", "<>", "a:", ",", "A,", "@ ", "\\"};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/address/", cases[i].name, NULL);
		g_test_add_data_func(path, &cases[i], test_case);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(author_cases); i++) {
		g_autofree char *path =
			g_strconcat("/author/", author_cases[i].name, NULL);
		g_test_add_data_func(path, &author_cases[i], test_author);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(bombs); i++) {
		g_autofree char *path = g_strdup_printf("/address/linear/%zu", i);
		g_test_add_data_func(path, bombs[i], test_linear);
	}
	g_test_add_func("/address/limits", test_limits);
	g_test_add_func("/author/no list", test_no_list);
	return g_test_run();
}
