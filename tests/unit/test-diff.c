/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/text/diff.h"

#include <string.h>

#include "lib/text/flowed.h"
#include "lib/text/strip.h"

#define GIT(name) "diff --git a/" name " b/" name "\n"
#define INDEX "index 1111111..2222222 100644\n"
#define NAMES(name) "--- a/" name "\n+++ b/" name "\n"
#define HUNK "@@ -1,2 +1,3 @@\n a\n+b\n c\n"
#define FILE_DIFF(name)                                                                  \
	GIT(name) INDEX NAMES(name)                                                      \
	HUNK

typedef struct {
	const char *name;
	const char *before; /* the text is before + diff + after */
	const char *diff;
	const char *after;
	gboolean is_damaged;
	const char *added; /* what is added to the diff */
} SplitCase;

static const SplitCase split_cases[] = {
	{"empty", "", NULL, ""},
	{"text only", "hello\nworld\n", NULL, ""},
	{"git", "Why.\n---\n f.c | 1 +\n\n", FILE_DIFF("f.c"), "-- \n2.43.0\n\n"},
	{"without newline at end", "", GIT("f") INDEX NAMES("f") "@@ -1 +1 @@\n-a\n+b",
	 "", FALSE, "\n"},
	{"without empty context at end", "", NAMES("f") "@@ -1,2 +1,2 @@\n-a\n+b\n", "",
	 FALSE, "\n"},
	{"two files", "", FILE_DIFF("f") FILE_DIFF("g"), "tail\n"},
	{"text between files", "", FILE_DIFF("f") "and then\n" FILE_DIFF("g"), ""},
	{"prose beginning with diff", "diff says no\nmore\n\n", FILE_DIFF("f"), ""},
	{"prose beginning with Index", "Index: of things\nmore\n\n", FILE_DIFF("f"), ""},
	{"prose git command", "diff --git a/x b/x\nis what git prints\n", NULL, ""},
	{"two words diff in a row", "diff x\n", "diff -u a b\n" NAMES("f") HUNK, ""},
	{"names without hunk", "x\n--- a/f\n+++ b/f\nno hunk\n", NULL, ""},
	{"ruler", "--- \ntitle\n--- \n", NULL, ""},
	{"hunk header alone", "@@ -1,2 +1,2 @@\n a\n", NULL, ""},
	{"no command line", "x\n", "--- f.c.orig\n+++ f.c\n" HUNK, "y\n"},
	{"mode only", "x\n", GIT("s") "old mode 100644\nnew mode 100755\n",
	 "-- \n2.20.1\n"},
	{"pure rename", "",
	 "diff --git a/r b/q\nsimilarity index 100%\nrename from r\nrename to q\n",
	 "\nBye\n"},
	{"empty new file", "", GIT("e") "new file mode 100644\nindex 0000000..e69de29\n",
	 "-- \n2\n"},
	{"submodule", "",
	 GIT("sub") INDEX NAMES(
		 "sub") "@@ -1 +1 @@\n-Subproject commit 1\n+Subproject commit 2\n",
	 "x\n"},
	{"no newline at end of file", "",
	 GIT("f") INDEX NAMES("f") "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n"
				   "\\ No newline at end of file\n",
	 "x\n"},
	{"the same in another language", "",
	 NAMES("f") "@@ -1 +1 @@\n-a\n+b\n\\ Kein Zeilenumbruch am Dateiende.\n", "x\n"},
	{"binary, then text", "",
	 GIT("b") "new file mode 100644\nindex 0000000..1111111\nGIT binary patch\n"
		  "literal 3\nKcmZQzWMT#Y01f~L\n\nliteral 0\nHcmV?d00001\n\n" FILE_DIFF(
			  "f"),
	 "-- \n2\n"},
	{"binary last", "",
	 GIT("b") "index 1..2\nGIT binary patch\nliteral 0\nHcmV?d00001\n\n",
	 "-- \n2.35.3\n"},
	{"binary files differ", "",
	 GIT("b") "index 1..2\nBinary files a/b and b/b differ\n", "-- \n2\n"},
	{"combined", "merge\n",
	 "diff --cc f\nindex 1,2..3\n--- a/f\n+++ b/f\n@@@ -1,2 -1,2 +1,3 @@@\n  a\n "
	 "-b\n- c\n"
	 "++d\n+ e\n",
	 "tail\n"},
	{"Mercurial", "# HG changeset patch\n",
	 "diff -r 1a2b -r 3c4d f.c\n" NAMES("f.c") HUNK, ""},
	{"Subversion", "x\n",
	 "Index: f.c\n"
	 "===================================================================\n"
	 "--- f.c\t(revision 1)\n+++ f.c\t(working copy)\n" HUNK,
	 "y\n"},
	{"CVS", "x\n",
	 "Index: f.c\n===================================\nRCS file: /cvs/f.c,v\n"
	 "retrieving revision 1.1\ndiff -u -r1.1 f.c\n--- f.c\t1 Jan\n+++ f.c\t2 "
	 "Jan\n" HUNK,
	 "y\n"},
	{"Bazaar", "x\n", "=== modified file 'f.c'\n--- f.c\t2026\n+++ f.c\t2026\n" HUNK,
	 ""},
	{"underlined title", "Title\n=====\n\ntext\n", NULL, ""},
	{"no prefix", "", "diff --git f f\n" INDEX "--- f\n+++ f\n" HUNK, "x\n"},
	{"CRLF", "x\r\n",
	 "diff --git a/f b/f\r\nindex 1..2\r\n--- a/f\r\n+++ b/f\r\n@@ -1 +1 "
	 "@@\r\n-a\r\n+b\r\n",
	 "-- \r\n2\r\n"},
	{"empty context line", "", NAMES("f") "@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n", "\nx\n"},
	{"removed line like a signature", "", NAMES("f") "@@ -1,3 +1,2 @@\n a\n-- \n c\n",
	 "x\n"},
	{"removed lines like headers", "",
	 NAMES("f") "@@ -1,3 +0,0 @@\n--- a/x\n--- b\n-c\n", "x\n"},
	{"hunk promises too much", "", NAMES("f") "@@ -1,9 +1,9 @@\n a\n+b\n c\n",
	 "Acked-by: x\n\n", TRUE},
	{"the same with a signature", "", NAMES("f") "@@ -1,4 +1,5 @@\n a\n+b\n c\n",
	 "-- \n2.43\n", TRUE},
	{"a count beyond 64 bits", "",
	 NAMES("f") "@@ -1,99999999999999999999 +1 @@\n a\n", "", TRUE},
	{"wrapped line", "", NAMES("f") "@@ -1,2 +1,3 @@\n a long\nline\n+b\n c\n",
	 "tail\n", TRUE},
	{"context without its space", "", NAMES("f") "@@ -1,4 +1,5 @@\na\nb\nc\n+d\ne\n",
	 "tail\nmore\n", TRUE},
	{"broken hunk before a whole one", "",
	 NAMES("f") "@@ -1,9 +1,9 @@\n a\n" FILE_DIFF("g"), "x\n", TRUE},
	{"hunk without lines", "", NAMES("f") "@@ -0,0 +0,0 @@\n", "x\n"},
	{"base-commit", "", FILE_DIFF("f"), "\nbase-commit: 12\n-- \n2.43.0\n"},
};

static void
test_split(gconstpointer data)
{
	const SplitCase *c = data;
	g_autofree char *text =
		g_strconcat(c->before, c->diff ? c->diff : "", c->after, NULL);
	g_autofree char *comment = g_strconcat(c->before, c->after, NULL);
	/* No NUL stands behind the bytes. */
	g_autofree char *bytes = g_memdup2(text, strlen(text));
	g_auto(PmDiffSplit) split = {0};

	pm_diff_split(bytes, strlen(text), &split);
	g_autofree char *diff =
		c->added ? g_strconcat(c->diff, c->added, NULL) : g_strdup(c->diff);
	g_assert_cmpstr(split.diff ? split.diff->str : NULL, ==, diff);
	g_assert_cmpstr(split.comment->str, ==, comment);
	g_assert_cmpuint(split.head_len, ==, strlen(c->before));
	g_assert_cmpint(split.is_damaged, ==, c->is_damaged);
}

/* Any prefix of a text splits without losing a byte. */
static void
test_split_prefixes(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(split_cases); i++) {
		const SplitCase *c = &split_cases[i];
		g_autofree char *text =
			g_strconcat(c->before, c->diff ? c->diff : "", c->after, NULL);
		for (size_t len = 0; len <= strlen(text); len++) {
			g_autofree char *bytes = g_memdup2(text, len);
			g_auto(PmDiffSplit) split = {0};
			pm_diff_split(bytes, len, &split);
			size_t got =
				split.comment->len + (split.diff ? split.diff->len : 0);
			g_assert_cmpuint(got, >=, len);
			g_assert_cmpuint(got, <=, len + (split.diff ? 2 : 0));
		}
	}
}

static const struct {
	const char *name, *comment, *want;
} clean_cases[] = {
	{"empty", "", ""},
	{"signature", "a\n-- \nme\n", "a"},
	{"signature at the end", "a\n-- ", "a"},
	{"CRLF signature", "a\r\nb\r\n-- \r\nme\r\n", "a\nb"},
	{"Mailman's footer", "a\n\n________\nlist\n", "a"},
	{"one underscore", "a\n_\nb\n", "a"},
	{"underscores with text", "a\n__init__\n", "a\n__init__"},
	{"two dashes without blank", "a\n--\nb\n", "a\n--\nb"},
	{"white space of Unicode", "\xc2\xa0\n a\n\xe2\x80\x83\x1f\n", "a"},
	{"lone CR stays", "a\rb\n", "a\rb"},
	{"signature only", "-- \nme\n", ""},
};

static void
test_clean(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(clean_cases); i++) {
		g_autoptr(GString) text = g_string_new(clean_cases[i].comment);
		pm_comment_clean(text);
		g_test_message("%s", clean_cases[i].name);
		g_assert_cmpstr(text->str, ==, clean_cases[i].want);
		g_assert_cmpuint(text->len, ==, strlen(clean_cases[i].want));
	}
}

/* The sums were computed by hand from the lines given in comments. */
static const struct {
	const char *name, *diff, *lines;
} hash_cases[] = {
	{"empty", "", ""},
	{"names and counts", NAMES("d/f") "@@ -10,3 +12 @@ f()\n a\n-b\n+c\n",
	 "--- a/d/f\n+++ b/d/f\n@@ -3 +1 @@\n a\n-b\n+c\n"},
	{"first component cut", "--- old/d/f\n+++ new/d/f\n", "--- a/d/f\n+++ b/d/f\n"},
	{"no component", "--- f\n+++ /dev/null\n", "--- a/\n+++ b/dev/null\n"},
	{"name ends at blank", "--- a/f g\t2026\n+++ b/f\n", "--- a/f\n+++ b/f\n"},
	{"other lines don't count", GIT("f") INDEX "\\ No newline\n\n+a\n", "+a\n"},
	{"CR doesn't count", "+a\r\n-b\r\n", "+a\n-b\n"},
	{"outer white space", "\n\n+a\n\n \n", "+a\n"},
	{"removed line like a name", "@@ -1 +0,0 @@\n--- a/x y\n",
	 "@@ -1 +0 @@\n--- a/x\n"},
};

static void
test_hash(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(hash_cases); i++) {
		const char *diff = hash_cases[i].diff;
		g_autofree char *bytes = g_memdup2(diff, strlen(diff));
		g_autofree char *got = pm_diff_hash(bytes ? bytes : "", strlen(diff));
		g_autofree char *want = g_compute_checksum_for_string(
			G_CHECKSUM_SHA1, hash_cases[i].lines, -1);
		g_test_message("%s", hash_cases[i].name);
		g_assert_cmpstr(got, ==, want);
	}
}

static const struct {
	const char *name, *diff, *want;
} files_cases[] = {
	{"none", "", ""},
	{"one", FILE_DIFF("d/f.c"), "d/f.c"},
	{"sorted, each once", FILE_DIFF("z") FILE_DIFF("b/a") FILE_DIFF("z"), "b/a z"},
	{"new file", GIT("n") "new file mode 100644\n--- /dev/null\n+++ b/n\n" HUNK, "n"},
	{"removed line like a name", NAMES("f") "@@ -1,2 +1 @@\n--- a/x\n-+++ b/x\n+y\n",
	 "f"},
	{"rename",
	 "diff --git a/r b/q\nsimilarity index 100%\nrename from r\nrename to q\n",
	 "q r"},
	{"copy", "diff --git a/r b/q\nsimilarity index 100%\ncopy from r\ncopy to q\n",
	 "q"},
	{"mode only", GIT("d/s") "old mode 100644\nnew mode 100755\n", "d/s"},
	{"binary",
	 GIT("b.bin") "index 1..2\nGIT binary patch\nliteral 0\nHcmV?d00001\n\n",
	 "b.bin"},
	{"no prefix", "diff --git d/f d/f\n" INDEX "--- d/f\n+++ d/f\n" HUNK, "d/f"},
	{"no prefix, new", "diff --git d/f d/f\n--- /dev/null\n+++ d/f\n" HUNK, "d/f"},
	{"Subversion",
	 "Index: d/f\n===\n--- d/f\t(revision 1)\n+++ d/f\t(working copy)\n" HUNK, "d/f"},
	{"two directories", "--- linux.orig/d/f\t2026\n+++ linux/d/f\t2026\n" HUNK,
	 "d/f"},
	{"backup", "--- a/d/f~why\n+++ a/d/f\n" HUNK, "d/f"},
	{"quoted", "--- \"a/\\303\\244\"\n+++ \"b/\\303\\244\"\n" HUNK, "\xc3\xa4"},
	{"with a blank",
	 "diff --git a/x y b/x y\n" INDEX "--- a/x y\t\n+++ b/x y\t\n" HUNK, "x y"},
	{"combined", "diff --cc d/f\nindex 1,2..3\n--- a/d/f\n+++ b/d/f\n", "d/f"},
	{"CRLF", "--- a/f\r\n+++ b/f\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n", "f"},
};

static void
test_files(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(files_cases); i++) {
		const char *diff = files_cases[i].diff;
		g_autofree char *bytes = g_memdup2(diff, strlen(diff));
		g_auto(GStrv) files = pm_diff_files(bytes, strlen(diff));
		g_autofree char *got = g_strjoinv(" ", files);
		g_test_message("%s", files_cases[i].name);
		g_assert_cmpstr(got, ==, files_cases[i].want);
	}
}

static const struct {
	const char *name, *text, *want;
	gboolean has_delsp;
} flowed_cases[] = {
	{"empty", "", ""},
	{"fixed", "a\nb\n", "a\nb\n"},
	{"soft break", "a \nb\n", "a b\n"},
	{"delsp", "a \nb\n", "ab\n", TRUE},
	{"stuffed", "  a\n From me\n", " a\nFrom me\n"},
	{"signature", "a \n-- \nme\n", "a \n-- \nme\n"},
	{"open at the end", "a ", "a \n"},
	{"CRLF", "a \r\nb\r\n", "a b\r\n"},
};

static void
test_flowed(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(flowed_cases); i++) {
		const char *text = flowed_cases[i].text;
		g_autofree char *bytes = g_memdup2(text, strlen(text));
		g_autoptr(GString) got =
			pm_flowed_join(bytes, strlen(text), flowed_cases[i].has_delsp);
		g_test_message("%s", flowed_cases[i].name);
		g_assert_cmpstr(got->str, ==, flowed_cases[i].want);
	}
}

static void
test_strip(void)
{
	static const struct {
		const char *text;
		size_t start, end;
	} cases[] = {{"", 0, 0},	  {" \t\n", 3, 3},     {" a b ", 1, 4},
		     {"\xa0", 0, 1},	  {"\xc2\xa0x", 2, 3}, {"x\xe3\x80\x80", 0, 1},
		     {"x\xe3\x80", 0, 3}, {"x\xc3\xa4 ", 0, 3}};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *bytes = g_memdup2(cases[i].text, strlen(cases[i].text));
		size_t start, end;
		pm_strip_bounds(bytes, strlen(cases[i].text), &start, &end);
		g_assert_cmpuint(start, ==, MIN(cases[i].start, strlen(cases[i].text)));
		g_assert_cmpuint(end, ==, cases[i].end);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(split_cases); i++) {
		g_autofree char *path =
			g_strconcat("/diff/split/", split_cases[i].name, NULL);
		g_test_add_data_func(path, &split_cases[i], test_split);
	}
	g_test_add_func("/diff/split-prefixes", test_split_prefixes);
	g_test_add_func("/diff/clean", test_clean);
	g_test_add_func("/diff/hash", test_hash);
	g_test_add_func("/diff/files", test_files);
	g_test_add_func("/diff/flowed", test_flowed);
	g_test_add_func("/diff/strip", test_strip);
	return g_test_run();
}
