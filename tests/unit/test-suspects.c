/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/suspects.h"

/* When a mail is to blame, and that memory is bounded. */

static PmEntry *
entry_new(guint n)
{
	g_autofree char *text = g_strdup_printf("mail %u", n);
	PmEntry *entry = g_new0(PmEntry, 1);

	entry->bytes = g_bytes_new(text, strlen(text));
	return entry;
}

static gboolean
accuse(PmSuspects *suspects, guint n)
{
	g_autoptr(PmEntry) entry = entry_new(n);

	return pm_suspects_accuse(suspects, entry);
}

static void
test_blame(void)
{
	g_autoptr(PmSuspects) suspects = pm_suspects_new();

	g_assert_false(accuse(suspects, 1));
	g_assert_false(accuse(suspects, 1));
	pm_suspects_note_stored(suspects);
	/* Of the second nobody knows whether it would fail again. */
	g_assert_false(accuse(suspects, 2));
	g_assert_true(accuse(suspects, 1));
	g_assert_true(accuse(suspects, 1));
	pm_suspects_note_stored(suspects);
	g_assert_true(accuse(suspects, 2));
}

static void
test_projects(void)
{
	g_autoptr(PmSuspects) suspects = pm_suspects_new();
	g_autoptr(PmEntry) entry = entry_new(1);
	const PmProject project = {.id = 7};

	g_assert_false(pm_suspects_accuse(suspects, entry));
	pm_suspects_note_stored(suspects);
	entry->project = &project;
	g_assert_false(pm_suspects_accuse(suspects, entry));
	entry->project = NULL;
	g_assert_true(pm_suspects_accuse(suspects, entry));
}

static void
test_bound(void)
{
	g_autoptr(PmSuspects) suspects = pm_suspects_new();

	for (guint i = 0; i < PM_SUSPECTS_MAX; i++)
		g_assert_false(accuse(suspects, i));
	pm_suspects_note_stored(suspects);
	g_assert_true(accuse(suspects, 0));
	g_assert_false(accuse(suspects, PM_SUSPECTS_MAX));
	g_assert_false(accuse(suspects, 0)); /* forgotten for the one before */
	g_assert_true(accuse(suspects, PM_SUSPECTS_MAX - 1));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/suspects/blame", test_blame);
	g_test_add_func("/suspects/projects", test_projects);
	g_test_add_func("/suspects/bound", test_bound);
	return g_test_run();
}
