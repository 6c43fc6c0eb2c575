/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose control headers count. */
#include "lib/store/trust.h"

static const struct {
	const char *trust, *linkname, *email;
	gboolean want;
} covers[] = {
	{NULL, "demo", "a@example.org", TRUE},
	{"true", "demo", "a@example.org", TRUE},
	{"false", "demo", "a@example.org", FALSE},
	{"false", "demo", "false", FALSE},
	{"a@example.org", "demo", "A@Example.ORG", TRUE},
	{"a@example.org", "demo", "b@example.org", FALSE},
	{"a@example.org", "demo", "a@example.org.evil", FALSE},
	{"a@example.org", "demo", "aa@example.org", FALSE},
	{"@example.org", "demo", "b@example.org", TRUE},
	{"@example.org", "demo", "b@sub.example.org", FALSE},
	{"@example.org", "demo", "b@evil-example.org", FALSE},
	{"@example.org", "demo", "@example.org@evil", FALSE},
	{"@example.org", "demo", "no address", FALSE},
	{"demo:a@example.org", "demo", "a@example.org", TRUE},
	{"demo:a@example.org", "other", "a@example.org", FALSE},
	{"demo:a@example.org", "demo2", "a@example.org", FALSE},
	{"demo:@example.org", "dem", "a@example.org", FALSE},
	{"other:a@x.org  b@example.org", "demo", "b@example.org", TRUE},
};

static void
test_covers(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(covers); i++) {
		g_test_message("%s of %s", covers[i].email, covers[i].trust);
		g_assert_cmpint(pm_trust_covers(covers[i].trust, covers[i].linkname,
						covers[i].email),
				==, covers[i].want);
	}
}

static void
test_valid(void)
{
	static const char *const valid[] = {"true", "false", "a@b",
					    "@b",   "x:a@b", "x:@b  c@d"};
	static const char *const wrong[] = {"",	    " ",     "yes",   "a",	 "a@",
					    ":a@b", "a@b c", "a@b@c", "x:y:a@b", "True"};

	for (guint i = 0; i < G_N_ELEMENTS(valid); i++)
		g_assert_true(pm_trust_is_valid(valid[i]));
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
		g_assert_false(pm_trust_is_valid(wrong[i]));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/trust/covers", test_covers);
	g_test_add_func("/trust/valid", test_valid);
	return g_test_run();
}
