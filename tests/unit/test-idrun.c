/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Which ids are of one run, which are of two, and which are of none. */
#include "lib/text/idrun.h"

#include <string.h>

typedef enum { ONE, TWO, NONE } Verdict;

static const struct {
	const char *name;
	Verdict verdict;
	const char *a, *b;
} cases[] = {
	{"send-email", ONE, "20260101120000.4711-1-alice@example.org",
	 "20260101120000.4711-12-alice@example.org"},
	{"send-email in brackets", ONE, "<20260101120000.4711-1-alice@example.org>",
	 "20260101120000.4711-2-alice@example.org"},
	{"send-email, other process", TWO, "20260101120000.4711-1-alice@example.org",
	 "20260101120000.4712-1-alice@example.org"},
	{"send-email, other second", TWO, "20260101120000.4711-1-alice@example.org",
	 "20260101120001.4711-1-alice@example.org"},
	{"send-email, other address", TWO, "20260101120000.4711-1-alice@example.org",
	 "20260101120000.4711-1-bob@example.org"},
	{"send-email, address with a minus", ONE,
	 "20260101120000.4711-1-a-1-b@example.org",
	 "20260101120000.4711-2-a-1-b@example.org"},
	{"old send-email", ONE, "1547118288-1001-1-git-send-email-alice@example.org",
	 "1547118288-1001-5-git-send-email-alice@example.org"},
	{"old send-email, other process", TWO,
	 "1547118288-1001-1-git-send-email-alice@example.org",
	 "1547118288-1002-1-git-send-email-alice@example.org"},
	{"format-patch", ONE, "cover.1654769775.git.alice@example.org",
	 "f60daf00d0de49e54a5389c73c90994e7711a7d1.1654769775.git.alice@example.org"},
	{"format-patch, other second", TWO, "cover.1654769775.git.alice@example.org",
	 "cover.1654769776.git.alice@example.org"},
	{"git-series", ONE, "cover.1bd4a0f3b2b2.1479000000.git-series.alice@example.org",
	 "f60daf00d0de49e54a5389c73c90994e7711a7d1.1479000000.git-series.alice@example."
	 "org"},
	{"GitGitGadget", ONE, "pull.451.v1.git.1582750248.gitgitgadget@example.org",
	 "f60daf00d0de49e54a5389c73c90994e7711a7d1.1582750248.git.gitgitgadget@example."
	 "org"},
	{"GitGitGadget of git/git", ONE,
	 "pull.771.v2.git.git.1588491541.gitgitgadget@example.org",
	 "f60daf00d0de49e54a5389c73c90994e7711a7d1.1588491541.git.gitgitgadget@example."
	 "org"},
	{"GitGitGadget, other round", TWO,
	 "pull.451.v1.git.1582750248.gitgitgadget@example.org",
	 "pull.451.v2.git.1582760000.gitgitgadget@example.org"},
	{"b4", ONE, "20240909-some-slug-v12-0-e86ab2423d4b@example.org",
	 "20240909-some-slug-v12-38-e86ab2423d4b@example.org"},
	{"b4, other version", TWO, "20240909-some-slug-v12-1-e86ab2423d4b@example.org",
	 "20240909-some-slug-v13-1-e86ab2423d4b@example.org"},
	{"b4, other hash", TWO, "20240909-some-slug-v1-1-e86ab2423d4b@example.org",
	 "20240909-some-slug-v1-1-e86ab2423d4c@example.org"},
	{"patman", ONE,
	 "20211115163155.1.I484cf4a475d46527cfefd4ff549a22ac23920cdc@changeid",
	 "20211115163155.5.I9d5be95eede5162b9b7b74778d8c7620e6762e56@changeid"},
	{"patman v2", ONE,
	 "20220117164919.v2.1.I484cf4a475d46527cfefd4ff549a22ac23920cdc@changeid",
	 "20220117164919.v2.2.I85a4f70465cef5ef600f264706dca84c55c7efdb@changeid"},
	{"patman, v1 and v2", TWO,
	 "20220117164919.1.I484cf4a475d46527cfefd4ff549a22ac23920cdc@changeid",
	 "20220117164919.v2.1.I484cf4a475d46527cfefd4ff549a22ac23920cdc@changeid"},
	{"stgit", ONE, "164549983733.9187.17894407453436115822.stgit@example.org",
	 "164549983737.9187.2627117501000365074.stgit@example.org"},
	{"stgit, another day", TWO,
	 "164549983733.9187.17894407453436115822.stgit@example.org",
	 "164649983737.9187.2627117501000365074.stgit@example.org"},
	{"nothing", NONE, "", NULL},
	{"brackets only", NONE, "<>", NULL},
	{"mercurial", NONE, "patchbomb.1772452800@example", NULL},
	{"mercurial patch", NONE, "a598fd8646f8f2a7318d.1772452801@example", NULL},
	{"gmail", NONE,
	 "CAHmME9rBWcdZtJCQ1WZAPOJtnA6u4w0ub4s4M+UW60gMSNgWrQ@mail.example.org", NULL},
	{"mutt", NONE, "20190110030103.GO11631@example.org", NULL},
	{"newer mutt", NONE, "20190110131932.5gzlq6msbtnoy2gw@example.org", NULL},
	{"gnus", NONE, "87a7k87j80.fsf@example.org", NULL},
	{"alpine", NONE, "alpine.DEB.2.26.200504060731.80228@example.org", NULL},
	{"uuid", NONE, "3c63d6e4-b053-c36b-8529-123f7ff143cc@example.org", NULL},
	{"evolution", NONE, "6073995d205524bfbb64745c3e39e677601ce06e.camel@example.org",
	 NULL},
	{"quilt", NONE, "20220805154900.261920576@example.org", NULL},
	{"tip-bot", NONE, "165478587253.4207.16242247816940188081.tip-bot2@example.org",
	 NULL},
	{"b4 thanks", NONE, "165478587253.589231.16242247816940188081.b4-ty@example.org",
	 NULL},
	{"exchange", NONE, "SA2PR11MB5115.namprd11.prod.example.org", NULL},
	{"no address", NONE, "20260101120000.4711-1-", NULL},
	{"no host", NONE, "20260101120000.4711-1-alice@", NULL},
	{"no user", NONE, "20260101120000.4711-1-@example.org", NULL},
	{"no serial", NONE, "20260101120000.4711--alice@example.org", NULL},
	{"stamp too short", NONE, "2026010112000.4711-1-alice@example.org", NULL},
	{"stamp too long", NONE, "202601011200000.4711-1-alice@example.org", NULL},
	{"time without sha", NONE, "1654769775.git.alice@example.org", NULL},
	{"b4 without version", NONE, "20240909-some-slug-12-1-e86ab2423d4b@example.org",
	 NULL},
	{"b4 without number", NONE, "20240909-slug-v1-e86ab2423d4b@example.org", NULL},
	{"b4 hash too short", NONE, "20240909-slug-v1-1-e86ab24@example.org", NULL},
	{"patman without number", NONE, "20211115163155.I484cf4a475d4@changeid", NULL},
	{"not UTF-8", NONE, "\xff\xfe.\x80@\xff", NULL},
};

static void
test_case(const void *data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	g_autofree char *a = pm_idrun(cases[i].a);
	g_autofree char *b = pm_idrun(cases[i].b);
	g_autofree char *shown = g_strescape(cases[i].a, NULL);
	g_test_message("%s: %s, other: %s", shown, a ? a : "no run", b ? b : "no run");
	if (cases[i].verdict == NONE) {
		g_assert_null(a);
		return;
	}
	g_assert_nonnull(a);
	g_assert_nonnull(b);
	g_assert_cmpint(strcmp(a, b) == 0, ==, cases[i].verdict == ONE);
}

static void
test_null(void)
{
	g_assert_null(pm_idrun(NULL));
}

/* Cut anywhere, an id has a run or none; and nothing is read behind its end. */
static void
test_cut(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		for (size_t len = 0; len <= strlen(cases[i].a); len++) {
			g_autofree char *cut = g_strndup(cases[i].a, len);
			g_autofree char *run = pm_idrun(cut);
			g_assert_true(!run || strlen(run) <= len + 8);
		}
	}
}

static void
test_limit(void)
{
	g_autoptr(GString) id = g_string_new("20260101120000.4711-1-");
	while (id->len < 998 - strlen("@x"))
		g_string_append_c(id, 'a');
	g_string_append(id, "@x");
	g_autofree char *at_limit = pm_idrun(id->str);
	g_assert_nonnull(at_limit);

	g_string_append_c(id, 'x');
	g_assert_null(pm_idrun(id->str));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/idrun/%s", cases[i].name);
		g_strdelimit(path + strlen("/idrun/"), "/", ':');
		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
	}
	g_test_add_func("/idrun/null", test_null);
	g_test_add_func("/idrun/cut", test_cut);
	g_test_add_func("/idrun/limit", test_limit);
	return g_test_run();
}
