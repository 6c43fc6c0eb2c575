/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mail/mail.h"

#include <pthread.h>
#include <string.h>

#include "lib/error.h"
#include "lib/mail/transfer.h"

#define FROM "From: A Dev <dev@example.org>\nMessage-ID: <m@example.org>\n"
#define HEAD FROM "Subject: [PATCH] x\n"
#define TYPE(type) "Content-Type: " type "\n"
#define MIXED HEAD TYPE("multipart/mixed; boundary=\"=_b\"") "\n"
#define DIFF(f) "--- a/" f "\n+++ b/" f "\n@@ -1 +1 @@\n-a\n+b\n"
#define BODY "Why.\n\n" DIFF("f") "-- \n2.43\n"

typedef struct {
	const char *name, *mail;
	const char *content, *diff;
	const char *parts; /* what each was used for, joined by | */
	gboolean is_lossy;
} Case;

static const Case cases[] = {
	{"no type", HEAD "\n" BODY, "Why.", DIFF("f"), "comment and diff"},
	{"no body", HEAD, "", NULL, "comment"},
	{"From_ line", "From x Mon\n" HEAD "\n" BODY, "Why.", DIFF("f"),
	 "comment and diff"},
	{"type without slash", HEAD TYPE("text") "\n" BODY, "Why.", DIFF("f"),
	 "comment and diff"},
	{"type with two slashes", HEAD TYPE("application/text/x-diff") "\n" BODY, "Why.",
	 DIFF("f"), "comment and diff"},
	{"x-patch alone", HEAD TYPE("text/x-patch") "\n" BODY, "", BODY, "diff"},
	{"HTML alone", HEAD TYPE("text/html") "\n<p>x</p>\n", "", NULL, "skipped: HTML"},
	{"quoted-printable",
	 HEAD "Content-Transfer-Encoding: Quoted-Printable\n\na=3Db=\nc\n", "a=bc", NULL,
	 "comment"},
	{"base64", HEAD "Content-Transfer-Encoding: base64\n\naGVsbG8gd29ybGQ=\n",
	 "hello world", NULL, "comment"},
	{"base64 without padding",
	 HEAD "Content-Transfer-Encoding: base64\n\naGVsbG8gd29ybGQ\n", "hello world",
	 NULL, "comment"},
	{"base64 with a footer",
	 HEAD "Content-Transfer-Encoding: base64\n\n"
	      "QSBsaW5lIHRoYXQgaXMgbG9uZyBlbm91Z2ggdG8gYmUgdGFr\n"
	      "ZW4gZm9yIHdoYXQgaXQgc2F5cyBpdCBpcy4h\n____\nlist of text\n",
	 "A line that is long enough to be taken for what it says it is.!", NULL,
	 "comment"},
	{"two base64 blobs", HEAD "Content-Transfer-Encoding: base64\n\nYQ==\nYg==\n",
	 "ab", NULL, "comment"},
	{"text labelled base64",
	 HEAD "Content-Transfer-Encoding: base64\n\nHello, it is text.\n",
	 "Hello, it is text.", NULL, "comment"},
	{"uuencode",
	 HEAD "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 f\n#86)C\n`\nend\n",
	 "abc", NULL, "comment"},
	{"uuencode without begin",
	 HEAD "Content-Transfer-Encoding: uuencode\n\njust text\n", "just text", NULL,
	 "comment"},
	{"charset", HEAD TYPE("text/plain; charset=iso-8859-1") "\ncaf\xe9\n",
	 "caf\xc3\xa9", NULL, "comment"},
	{"wrong charset", HEAD TYPE("text/plain; charset=utf-8") "\ncaf\xe9\n",
	 "caf\xc3\xa9", NULL, "comment", TRUE},
	{"us-ascii that is UTF-8",
	 HEAD TYPE("text/plain; charset=us-ascii") "\ncaf\xc3\xa9\n", "caf\xc3\xa9", NULL,
	 "comment"},
	{"transport CRLF",
	 "From: a@example.org\r\nSubject: x\r\n\r\n--- a/f\r\n+++ b/f\r\n@@ -1 +1 "
	 "@@\r\n-a\r\n+b\r\n",
	 "", DIFF("f"), "comment and diff"},
	{"CRLF of the content",
	 HEAD "\n--- a/f\r\n+++ b/f\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n", "",
	 "--- a/f\r\n+++ b/f\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n", "comment and diff"},
	{"reply", FROM "Subject: Re: x\n\n" DIFF("f"),
	 "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b", NULL, "comment"},
	{"cover", FROM "Subject: [PATCH 0/2] x\n\n" DIFF("f"),
	 "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b", NULL, "comment"},
	{"forward of nothing known", FROM "Subject: Fwd: x\n\n" DIFF("f"), "", DIFF("f"),
	 "comment and diff"},
	{"forward as an answer", FROM "Subject: Fwd: x\nIn-Reply-To: <a@b>\n\n" DIFF("f"),
	 "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b", NULL, "comment"},
	{"flowed",
	 HEAD TYPE("text/plain; format=flowed") "\nso \nlong\n--- a/f\n+++ b/f\n"
						"@@ -1,2 +1,2 @@\n-a\n+b\n  c\n",
	 "so long", "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-a\n+b\n c\n",
	 "comment and diff"},
	{"flowed without stuffing",
	 HEAD TYPE("text/plain; format=flowed") "\n--- a/f\n+++ b/f\n@@ -1,4 +1,4 "
						"@@\n-a\n+b\n c\n d\n e\n",
	 "", "--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\n-a\n+b\n c\n d\n e\n",
	 "comment and diff"},
	{"flowed without a diff", HEAD TYPE("text/plain; format=flowed") "\nso \nlong\n",
	 "so \nlong", NULL, "comment"},
	{"attached patch",
	 MIXED "--=_b\n\nSee.\n--=_b\n" TYPE("text/x-patch") "\n" DIFF("f") "\n--=_b--\n",
	 "See.", DIFF("f"), "comment|diff"},
	{"two attached",
	 MIXED "--=_b\n" TYPE("text/x-patch") "\n" DIFF("f") "\n--=_b\n" TYPE(
		 "text/x-diff") "\n" DIFF("g") "\n--=_b--\n",
	 "", DIFF("f") DIFF("g"), "diff|diff"},
	{"inline and attached",
	 MIXED "--=_b\n\n" DIFF("f") "\n--=_b\n" TYPE("text/x-patch") "\nWhy\n" DIFF(
		 "f") "\n--=_b--\n",
	 "", "Why\n" DIFF("f"), "comment and diff|diff", TRUE},
	{"inline and another attached",
	 MIXED "--=_b\n\n" DIFF("f") "\n--=_b\n" TYPE("text/x-patch") "\n" DIFF(
		 "g") "\n--=_b--\n",
	 "", DIFF("f") DIFF("g"), "comment and diff|diff"},
	{"two texts with diffs",
	 MIXED "--=_b\n\nOne\n" DIFF("f") "\n--=_b\n\nTwo\n" DIFF("g") "\n--=_b--\n",
	 "One\nTwo\n--- a/g\n+++ b/g\n@@ -1 +1 @@\n-a\n+b", DIFF("f"),
	 "comment and diff|comment"},
	{"signature in the first part",
	 MIXED "--=_b\n\nOne\n-- \nme\n--=_b\n\nTwo\n--=_b--\n", "One\nTwo", NULL,
	 "comment|comment"},
	{"octet-stream with a diff",
	 MIXED "--=_b\n" TYPE("application/octet-stream; name=x.patch") "\n" DIFF(
		 "f") "\n--=_b--\n",
	 "", DIFF("f"), "diff"},
	{"octet-stream without",
	 MIXED "--=_b\n" TYPE("application/octet-stream") "\n\x01\n--=_b--\n", "", NULL,
	 "skipped: no diff in it", TRUE},
	{"file that ends in .diff",
	 MIXED "--=_b\n" TYPE("image/png; name=A.DIFF") "\n" DIFF("f") "\n--=_b--\n", "",
	 DIFF("f"), "diff"},
	{"image", MIXED "--=_b\n" TYPE("image/png") "\nx\n--=_b--\n", "", NULL,
	 "skipped: no text", TRUE},
	{"patch attached to a reply",
	 FROM
	 "Subject: Re: x\n" TYPE("multipart/mixed; boundary=b") "\n--b\n\nhm\n--b\n" TYPE(
		 "text/x-patch") "\n" DIFF("f") "\n--b--\n",
	 "hm", NULL, "comment|skipped: attached to a reply", TRUE},
	{"patch attached to a cover",
	 FROM "Subject: [PATCH 0/1] x\n" TYPE(
		 "multipart/mixed; boundary=b") "\n--b\n\nhm\n--"
						"b\n" TYPE("text/"
							   "x-"
							   "patc"
							   "h") "\n" DIFF("f") "\n-"
									       "-b-"
									       "-"
									       "\n",
	 "hm\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b", NULL, "comment|comment"},
	{"attached mail",
	 MIXED
	 "--=_b\n\nFwd\n--=_b\n" TYPE("message/rfc822") "\nhello there\nSubject: "
							"y\n\n" DIFF("f") "\n--=_b--\n",
	 "Fwd", DIFF("f"), "comment|comment and diff"},
	{"attached mail in base64",
	 MIXED "--=_b\n" TYPE("message/rfc822") "Content-Transfer-Encoding: "
						"base64\n\nU3ViamVjdDogeAoKaGk=\n"
						"--=_b--\n",
	 "hi", NULL, "comment"},
	{"multipart without boundary", HEAD TYPE("multipart/mixed") "\n" BODY, "Why.",
	 DIFF("f"), "comment and diff"},
	{"multipart with another boundary",
	 HEAD TYPE("multipart/mixed; boundary=zz") "\n" BODY, "Why.", DIFF("f"),
	 "comment and diff"},
	{"inner multipart without parts",
	 MIXED "--=_b\n" TYPE("multipart/mixed; boundary=zz") "\nlost\n--=_b--\n", "lost",
	 NULL, "comment"},
	{"multipart without end", MIXED "--=_b\n\n" BODY, "Why.", DIFF("f"),
	 "comment and diff"},
	{"part that ends in its headers", MIXED "--=_b\n" TYPE("text/plain") "--=_b--\n",
	 "", NULL, NULL},
	{"type given twice",
	 HEAD TYPE("multipart/mixed; boundary=b")
		 TYPE("text/html") "\n--b\n\nhi\n--b--\n",
	 "hi", NULL, "comment"},
	{"garbage above the headers",
	 "hello\n" HEAD TYPE("multipart/mixed; boundary=b") "\n--b\n\nhi\n--b--\n", "hi",
	 NULL, "comment"},
	{"underscores in the message", HEAD "\na\n___\nb\n" DIFF("f"), "a", DIFF("f"),
	 "comment and diff", TRUE},
};

static char *
used(const PmMail *mail)
{
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();

	for (guint i = 0; i < mail->parts->len; i++)
		g_strv_builder_add(
			words, ((PmMailPart *)g_ptr_array_index(mail->parts, i))->used);
	g_auto(GStrv) list = g_strv_builder_end(words);
	return g_strjoinv("|", list);
}

static void
test_body(gconstpointer data)
{
	const Case *c = data;
	/* No NUL stands behind the bytes. */
	g_autofree char *bytes = g_memdup2(c->mail, strlen(c->mail));
	g_autoptr(GError) error = NULL;
	g_autoptr(PmMail) mail = pm_mail_new(bytes, strlen(c->mail), &error);

	g_assert_no_error(error);
	g_autofree char *parts = used(mail);
	g_assert_cmpstr(mail->content->str, ==, c->content);
	g_assert_cmpstr(mail->diff ? mail->diff->str : NULL, ==, c->diff);
	if (c->parts)
		g_assert_cmpstr(parts, ==, c->parts);
	g_assert_cmpint(mail->is_lossy, ==, c->is_lossy);
	g_assert_true((mail->hash != NULL) == (mail->diff != NULL));
}

/* Cut anywhere, a mail is read or refused; nothing else happens. */
static void
test_prefixes(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		for (size_t len = 0; len < strlen(cases[i].mail); len += 1 + len / 64) {
			g_autofree char *bytes = g_memdup2(cases[i].mail, len);
			g_autoptr(GError) error = NULL;
			g_autoptr(PmMail) mail =
				pm_mail_new(bytes ? bytes : "", len, &error);
			g_assert_true((mail != NULL) == (error == NULL));
		}
	}
}

static void
test_fields(void)
{
	const char *text = FROM
		"Subject: =?utf-8?q?=5BPATCH_v2_1/2=5D?= x\n"
		"In-Reply-To: <a@example.org>\nDate: Mon, 1 Jun 2026 10:00:00 +0200\n"
		"List-Id: <l.example.org>\nX-Patchwork-State: rfc\n"
		"X-Patchwork-Delegate: d@example.org\nX-Patchwork-Hint: ignore\n"
		"X-Patchwork-Action-Required: yes\n\n"
		"a\n\nDepends-on: <d@example.org>\nchange-id: c\n" DIFF("d/f");
	g_autoptr(PmMail) mail = pm_mail_new(text, strlen(text), NULL);

	g_assert_cmpstr(mail->msgid, ==, "<m@example.org>");
	g_assert_cmpstr(mail->refs[0], ==, "<a@example.org>");
	g_assert_cmpstr(mail->subject_text, ==, "[PATCH v2 1/2] x");
	g_assert_cmpint(mail->subject->version, ==, 2);
	g_assert_cmpstr(mail->list_ids[0], ==, "l.example.org");
	g_assert_true(mail->has_date);
	g_assert_cmpint(mail->date, ==, 1780300800);
	g_assert_cmpstr(mail->state, ==, "rfc");
	g_assert_cmpstr(mail->delegate, ==, "d@example.org");
	g_assert_cmpstr(mail->hint, ==, "ignore");
	g_assert_true(mail->action_required);
	g_assert_cmpstr(mail->depends_on[0], ==, "<d@example.org>");
	g_assert_cmpstr(mail->change_id, ==, "c");
	g_assert_cmpstr(mail->files[0], ==, "d/f");
	g_assert_cmpuint(mail->size, ==, strlen(text));
}

static void
test_pull_url_limit(void)
{
	for (size_t n = 254; n <= 256; n++) {
		g_autofree char *branch = g_strnfill(n - strlen("git://x/t "), 'b');
		g_autofree char *text = g_strdup_printf(
			HEAD "\nThe following changes since commit 1:\n"
			     "are available in the git repository at:\n git://x/t %s\n",
			branch);
		g_autoptr(PmMail) mail = pm_mail_new(text, strlen(text), NULL);
		g_assert_cmpuint(strlen(mail->pull_url), ==, MIN(n, 255));
	}
}

static void
assert_refused(const char *bytes, size_t len)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PmMail) mail = pm_mail_new(bytes, len, &error);

	g_assert_null(mail);
	g_assert_error(error, PM_ERROR, PM_ERROR_PERMANENT_MAIL);
}

static void
test_refused(void)
{
	g_autofree char *large = g_strnfill(PM_MAIL_SIZE_MAX + 1, 'x');

	assert_refused("", 0);
	assert_refused("\n", 1);
	assert_refused("no header here", 14);
	assert_refused(large, PM_MAIL_SIZE_MAX + 1);
}

static void
test_parts_limit(void)
{
	for (guint n = PM_MAIL_PARTS_MAX; n <= PM_MAIL_PARTS_MAX + 1; n++) {
		g_autoptr(GString) text =
			g_string_new(HEAD TYPE("multipart/mixed; boundary=b") "\n");
		for (guint i = 0; i < n; i++)
			g_string_append(text, "--b\n\nx\n");
		g_autoptr(PmMail) mail = pm_mail_new(text->str, text->len, NULL);
		g_assert_true((mail != NULL) == (n <= PM_MAIL_PARTS_MAX));
	}
}

/* What GMime alone would take minutes, gigabytes or its life for. */
static void *
read_hostile(void *unused)
{
	static const struct {
		const char *head, *repeated;
		guint times;
	} hostile[] = {
		{HEAD TYPE("multipart/mixed; boundary=b") "\n", "--b\n\n", 500000},
		{HEAD TYPE("multipart/mixed; boundary*=b") "\n", "--b\n\n", 500000},
		{HEAD TYPE("multipart/mixed; boundary=\"\\b\"") "\n", "--b\n\n", 500000},
		{HEAD, TYPE("message/rfc822") "\n", 100000},
		{HEAD TYPE("multipart/mixed; boundary=b; name=\"\n") " ", "=?a?q? ",
		 50000},
		{HEAD TYPE("multipart/mixed; boundary=b") "\n--b\nContent-Type: "
							  "text/plain; name*=",
		 "A", 4000000},
		{HEAD "Content-Type: x/y; name=\"", "=?a?q? ", 50000},
		{"From: ", "a:", 500000},
	};

	for (guint i = 0; i < G_N_ELEMENTS(hostile); i++) {
		g_autoptr(GString) text = g_string_new(hostile[i].head);
		for (guint n = 0; n < hostile[i].times; n++)
			g_string_append(text, hostile[i].repeated);
		g_autoptr(PmMail) mail = pm_mail_new(text->str, text->len, NULL);
	}
	return unused;
}

static void
test_hostile(void)
{
	pthread_attr_t attributes;
	pthread_t thread;

	g_assert_cmpint(pthread_attr_init(&attributes), ==, 0);
	g_assert_cmpint(pthread_attr_setstacksize(&attributes, PM_MAIL_STACK_SIZE), ==,
			0);
	g_assert_cmpint(pthread_create(&thread, &attributes, read_hostile, NULL), ==, 0);
	g_assert_cmpint(pthread_join(thread, NULL), ==, 0);
	g_assert_cmpint(pthread_attr_destroy(&attributes), ==, 0);
}

static void
test_transfer_names(void)
{
	static const struct {
		const char *value;
		PmTransfer want;
	} names[] = {{NULL, PM_TRANSFER_IDENTITY},
		     {"", PM_TRANSFER_IDENTITY},
		     {"8bit", PM_TRANSFER_IDENTITY},
		     {"x-other", PM_TRANSFER_IDENTITY},
		     {"BASE64", PM_TRANSFER_BASE64},
		     {" \"base64\"", PM_TRANSFER_BASE64},
		     {"base64; x", PM_TRANSFER_BASE64},
		     {"quoted-printable (x)", PM_TRANSFER_QUOTED_PRINTABLE},
		     {"x-uue", PM_TRANSFER_UUENCODE}};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		g_assert_cmpint(pm_transfer_parse(names[i].value), ==, names[i].want);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	pm_mail_init();
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/mail/body/", cases[i].name, NULL);
		g_test_add_data_func(path, &cases[i], test_body);
	}
	g_test_add_func("/mail/prefixes", test_prefixes);
	g_test_add_func("/mail/fields", test_fields);
	g_test_add_func("/mail/pull-url-limit", test_pull_url_limit);
	g_test_add_func("/mail/refused", test_refused);
	g_test_add_func("/mail/parts-limit", test_parts_limit);
	g_test_add_func("/mail/hostile", test_hostile);
	g_test_add_func("/mail/transfer-names", test_transfer_names);
	return g_test_run();
}
