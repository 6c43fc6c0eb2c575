/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/text/pull.h"

#include <string.h>

#define SINCE "The following changes since commit 1234:\n\n  Merge x\n\n"
#define AT "are available in the git repository at:\n"

static const struct {
	const char *name, *comment, *want;
} cases[] = {
	{"empty", "", NULL},
	{"plain", SINCE AT "\n  git://example.org/t.git for-linus\n\nA (1):\n",
	 "git://example.org/t.git for-linus"},
	{"no introduction", AT "\n  git://example.org/t.git x\n", NULL},
	{"git 2.14",
	 SINCE "are available in the Git repository at:\n\n  https://example.org/t.git "
	       "tags/v1\n\nfor you to fetch\n",
	 "https://example.org/t.git tags/v1"},
	{"URL only", SINCE AT "\n  git://example.org/t.git\n\nfor you to fetch changes\n",
	 "git://example.org/t.git"},
	{"wrapped", SINCE AT "\n  git://example.org/t.git\n  for-next\n",
	 "git://example.org/t.git for-next"},
	{"wrapped with a backslash",
	 SINCE AT "\n  git://example.org/t.git \\\n  for-next\n",
	 "git://example.org/t.git for-next"},
	{"blanks at the end", SINCE AT "\n  git://example.org/t.git x   \n\nmore text\n",
	 "git://example.org/t.git x"},
	{"blanks after the colon",
	 SINCE "are available in the git repository at:  \n  git://example.org/t.git x\n",
	 "git://example.org/t.git x"},
	{"CRLF",
	 "The following changes since commit 1:\r\nare available in the git repository "
	 "at:\r\n\r\n  git://example.org/t.git x\r\n",
	 "git://example.org/t.git x"},
	{"ssh", SINCE AT "  ssh://me@example.org/~/t.git x\n",
	 "ssh://me@example.org/~/t.git x"},
	{"git+ssh", SINCE AT "  git+ssh://example.org/t.git x\n",
	 "git+ssh://example.org/t.git x"},
	{"scp form", SINCE AT "  git@example.org:t/u.git x\n",
	 "git@example.org:t/u.git x"},
	{"at end of text", SINCE AT " git://example.org/t x", "git://example.org/t x"},
	{"same line",
	 SINCE "are available in the git repository at: git://example.org/t x\n", NULL},
	{"prose", SINCE AT "\n  the usual place\n", NULL},
	{"quoted", "> " SINCE "> " AT ">  git://example.org/t x\n", NULL},
	{"last one counts",
	 SINCE AT " git://example.org/a x\n" SINCE AT " git://example.org/b y\n",
	 "git://example.org/b y"},
	{"words after the branch", SINCE AT "  git://example.org/t x and more\n", NULL},
};

static void
test_pull(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	/* No NUL stands behind the bytes. */
	g_autofree char *bytes = g_memdup2(cases[i].comment, strlen(cases[i].comment));
	g_autofree char *got = pm_pull_url(bytes, strlen(cases[i].comment));

	g_assert_cmpstr(got, ==, cases[i].want);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/pull/", cases[i].name, NULL);
		g_test_add_data_func(path, GUINT_TO_POINTER(i), test_pull);
	}
	return g_test_run();
}
