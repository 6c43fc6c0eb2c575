/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/series/classify.h"

#include <string.h>

#define FROM "From: A Dev <dev@example.org>\n"
#define ID "Message-ID: <m@example.org>\n"
#define REF "In-Reply-To: <r@example.org>\n"
#define DIFF "\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"
#define PULL                                                                             \
	"\nThe following changes since commit 1:\nare available in the git repository "  \
	"at:\n"                                                                          \
	" git://example.org/t x\n"
#define LOG "\nA Dev (2):\n  one\n  two\n"

typedef struct {
	const char *name, *mail;
	PmKind kind;
	const char *reason;
} Case;

static const Case cases[] = {
	{"patch", FROM ID "Subject: [PATCH] x\n" DIFF, PM_KIND_PATCH,
	 "has a diff and is no reply"},
	{"diff without a tag", FROM ID REF "Subject: x\n" DIFF, PM_KIND_PATCH,
	 "has a diff and is no reply"},
	{"pull request", FROM ID "Subject: [GIT PULL] x\n" PULL, PM_KIND_PATCH,
	 "is a pull request"},
	{"cover", FROM ID "Subject: [PATCH 0/2] x\n\nhi\n", PM_KIND_COVER,
	 "is number 0 of its series"},
	{"empty cover", FROM ID "Subject: [PATCH 00/12] x\n\n", PM_KIND_COVER,
	 "is number 0 of its series"},
	{"cover with interdiff", FROM ID "Subject: [PATCH v2 0/2] x\n" DIFF,
	 PM_KIND_COVER, "is number 0 of its series"},
	{"cover with pull request", FROM ID "Subject: [GIT PULL 0/2] x\n" PULL,
	 PM_KIND_COVER, "is number 0 of its series"},
	{"Mercurial's cover", FROM ID "Subject: [PATCH 0 of 2] x\n\nhi\n", PM_KIND_COVER,
	 "is number 0 of its series"},
	{"wrongly numbered cover", FROM ID "Subject: [PATCH 1/2] x\n" LOG, PM_KIND_COVER,
	 "has no diff, but lists all titles of its series"},
	{"shortlog of another length", FROM ID REF "Subject: [PATCH 1/3] x\n" LOG,
	 PM_KIND_COMMENT, "is numbered, but has no diff"},
	{"numbered without diff", FROM ID "Subject: [PATCH 1/2] x\n\nhi\n",
	 PM_KIND_IGNORED, "is no patch and answers nothing"},
	{"reply", FROM ID REF "Subject: Re: [PATCH] x\n\nhi\n", PM_KIND_COMMENT,
	 "its subject has a reply marker"},
	{"reply with diff", FROM ID REF "Subject: AW: [PATCH] x\n" DIFF, PM_KIND_COMMENT,
	 "its subject has a reply marker"},
	{"reply to a cover", FROM ID REF "Subject: Re: [PATCH 0/2] x\n\nhi\n",
	 PM_KIND_COMMENT, "its subject has a reply marker"},
	{"reply to nothing", FROM ID "Subject: Re: x\n\nhi\n", PM_KIND_IGNORED,
	 "is a reply, but names no mail it answers"},
	{"empty reply", FROM ID REF "Subject: Re: x\n\n-- \nme\n", PM_KIND_IGNORED,
	 "answers, but has no text"},
	{"forwarded patch", FROM ID "Subject: Fwd: [PATCH] x\n" DIFF, PM_KIND_PATCH,
	 "has a diff and is no reply"},
	{"patch forwarded as an answer", FROM ID REF "Subject: Fwd: [PATCH] x\n" DIFF,
	 PM_KIND_COMMENT, "its subject has a reply marker"},
	{"answer without marker", FROM ID REF "Subject: x\n\nhi\n", PM_KIND_COMMENT,
	 "has no diff and answers something"},
	{"discussion", FROM ID "Subject: x\n\nhi\n", PM_KIND_IGNORED,
	 "is no patch and answers nothing"},
	{"hint", FROM ID "X-Patchwork-Hint: Ignore\nSubject: [PATCH] x\n" DIFF,
	 PM_KIND_IGNORED, "X-Patchwork-Hint says ignore"},
	{"no Message-ID", FROM "Subject: [PATCH] x\n" DIFF, PM_KIND_PATCH,
	 "has a diff and is no reply"},
	{"no author", ID "Subject: [PATCH] x\n" DIFF, PM_KIND_INVALID,
	 "no header names an author"},
	{"no Subject", FROM ID DIFF, PM_KIND_PATCH, "has a diff and is no reply"},
	{"empty Subject", FROM ID "Subject:\n" DIFF, PM_KIND_PATCH,
	 "has a diff and is no reply"},
};

static PmItem *
classify(const char *text)
{
	const PmProject project = {.linkname = (char *)"test",
				   .list_email = (char *)"list@example.org"};
	g_autoptr(PmMail) mail = pm_mail_new(text, strlen(text), NULL);

	return pm_classify(mail, &project);
}

static void
test_kind(gconstpointer data)
{
	const Case *c = data;
	g_autoptr(PmItem) item = classify(c->mail);

	g_assert_cmpstr(pm_kind_to_string(item->kind), ==, pm_kind_to_string(c->kind));
	g_assert_cmpstr(item->reason, ==, c->reason);
	g_assert_true(c->kind == PM_KIND_INVALID || item->author);
}

static void
test_item(void)
{
	g_autoptr(PmItem) item =
		classify(FROM ID "Subject: [test PATCH v2 1/2] x\n" DIFF);

	g_assert_cmpstr(item->name, ==, "[v2,1/2] x");
	g_assert_cmpstr(item->author->email, ==, "dev@example.org");
	g_assert_cmpstr(item->author->name, ==, "A Dev");
	g_assert_cmpstr(item->author_how, ==, "From");
}

/* A line stays a line, and long values are cut. */
static void
test_explain(void)
{
	g_autofree char *fill = g_strnfill(3000, 'x');
	g_autofree char *text = g_strconcat(FROM ID "Subject: a\x01"
						    "b\n\n",
					    fill, "\n", NULL);
	g_autoptr(PmMail) mail = pm_mail_new(text, strlen(text), NULL);
	g_autofree char *got = pm_explain_mail(mail, NULL);

	g_assert_nonnull(strstr(got, "subject: a\\x01b\n"));
	g_assert_nonnull(strstr(got, "xxx[...]\n"));
	g_assert_null(strstr(got, "kind:"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	pm_mail_init();
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/classify/", cases[i].name, NULL);
		g_test_add_data_func(path, &cases[i], test_kind);
	}
	g_test_add_func("/classify/item", test_item);
	g_test_add_func("/classify/explain", test_explain);
	return g_test_run();
}
