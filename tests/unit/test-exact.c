/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mail/exact.h"

#include <string.h>

#define DIFF "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"

static const struct {
	const char *name, *text, *content, *diff;
	gboolean want;
} cases[] = {
	{"as git sends it", "Text.\n---\n x | 2 +-\n\n" DIFF "-- \n2.39\n\n",
	 "Text.\n---\n x | 2 +-", DIFF, TRUE},
	{"blank lines and blanks at ends", "\n\nText. \n\n\n\nMore.\t\n\n---\n" DIFF,
	 "Text. \n\n\n\nMore.\t\n\n---", DIFF, TRUE},
	{"no message", "---\n" DIFF, "---", DIFF, TRUE},
	{"indented beginning", "  code\ntext\n---\n" DIFF, "code\ntext\n---", DIFF,
	 FALSE},
	{"cut message", "above\n____\nbelow\n---\n" DIFF, "above", DIFF, FALSE},
	{"text below, with dashes above", "Text.\n---\n" DIFF "footer\n",
	 "Text.\n---\nfooter", DIFF, TRUE},
	{"text below, and no dashes", "Text.\n\n" DIFF "footer\n", "Text.\nfooter", DIFF,
	 FALSE},
	{"no line end at the end",
	 "Text.\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b", "Text.",
	 DIFF, TRUE},
	{"another line end within",
	 "Text.\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b more\n",
	 "Text.", DIFF, FALSE},
	{"another diff", "Text.\n\n" DIFF, "Text.", "diff --git a/y b/y\n", FALSE},
	{"a second diff below", "Text.\n---\n" DIFF "\nAlso:\n" DIFF,
	 "Text.\n---\nAlso:\n", DIFF, FALSE},
	{"a hunk above", "Text.\n---\n@@ -1 +1 @@\n-a\n+b\n\n" DIFF,
	 "Text.\n---\n@@ -1 +1 @@\n-a\n+b", DIFF, FALSE},
	{"a file name above", "Text.\n---\n+++ b/x\n" DIFF, "Text.\n---\n+++ b/x", DIFF,
	 FALSE},
	{"nothing", "", "", DIFF, FALSE},
};

static void
test_exact(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	size_t len = strlen(cases[i].text);
	/* No NUL stands behind the bytes. */
	g_autofree char *bytes = g_memdup2(cases[i].text, len);
	g_autoptr(GString) content = g_string_new(cases[i].content);
	g_autoptr(GString) diff = g_string_new(cases[i].diff);

	g_assert_cmpint(pm_exact_is_rebuilt(bytes, len, content, diff), ==,
			cases[i].want);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/exact/%s", cases[i].name);

		g_test_add_data_func(path, GUINT_TO_POINTER(i), test_exact);
	}
	return g_test_run();
}
