/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads every NAME.eml of the directory that PM_GOLDEN_DIR names and compares what
 * pm_explain_mail() says about it with NAME.expect. A new case is two files and
 * no code. With PM_GOLDEN_UPDATE=1 the .expect files are written instead: read
 * the difference before committing it.
 */
#include <string.h>

#include "lib/series/classify.h"

static const PmProject project = {
	.linkname = (char *)"test",
	.list_id = (char *)"test.example.org",
	.list_email = (char *)"list@example.org",
};

/* What is said of the mail in bytes, or why it was refused. (transfer full) */
static char *
explain(const char *bytes, size_t len)
{
	/* No NUL stands behind the bytes. */
	g_autofree char *exact = len ? g_memdup2(bytes, len) : g_strdup("");
	g_autoptr(GError) error = NULL;
	g_autoptr(PmMail) mail = pm_mail_new(exact, len, &error);

	if (!mail)
		return g_strdup_printf("error: %s\n", error->message);
	g_autoptr(PmItem) item = pm_classify(mail, &project);
	return pm_explain_mail(mail, item);
}

static void
test_golden(gconstpointer data)
{
	const char *path = data;
	g_autofree char *stem = g_strndup(path, strlen(path) - strlen(".eml"));
	g_autofree char *expect = g_strconcat(stem, ".expect", NULL);
	g_autofree char *bytes = NULL, *want = NULL;
	g_autoptr(GError) error = NULL;
	size_t len;

	g_file_get_contents(path, &bytes, &len, &error);
	g_assert_no_error(error);
	g_autofree char *got = explain(bytes, len);
	if (g_getenv("PM_GOLDEN_UPDATE")) {
		g_file_set_contents(expect, got, -1, &error);
		g_assert_no_error(error);
		return;
	}
	g_file_get_contents(expect, &want, NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(got, ==, want);
}

/* Adds a test for each mail of the directory; returns how many. */
static guint
add_tests(const char *directory)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) dir = g_dir_open(directory, 0, &error);
	const char *name;
	guint n = 0;

	g_assert_no_error(error);
	while ((name = g_dir_read_name(dir))) {
		if (!g_str_has_suffix(name, ".eml"))
			continue;
		g_autofree char *test = g_strdup_printf("/golden/%s", name);
		g_test_add_data_func_full(test, g_build_filename(directory, name, NULL),
					  test_golden, g_free);
		n++;
	}
	return n;
}

int
main(int argc, char **argv)
{
	const char *directory = g_getenv("PM_GOLDEN_DIR");

	g_test_init(&argc, &argv, NULL);
	pm_mail_init();
	g_assert_nonnull(directory);
	g_assert_cmpuint(add_tests(directory), >, 0);
	return g_test_run();
}
