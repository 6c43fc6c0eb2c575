/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/error.h"

/* Errors: which of them another attempt may mend, and how programs end. */

static const struct {
	const char *name;
	int code;
	gboolean is_temporary;
	int status;
} codes[] = {
	{"database", PM_ERROR_TEMPORARY_DATABASE, TRUE, 75},
	{"uncertain", PM_ERROR_TEMPORARY_UNCERTAIN, TRUE, 75},
	{"mail", PM_ERROR_PERMANENT_MAIL, FALSE, 65},
	{"input", PM_ERROR_PERMANENT_INPUT, FALSE, 65},
	{"schema", PM_ERROR_PERMANENT_SCHEMA, FALSE, 78},
	{"config", PM_ERROR_PERMANENT_CONFIG, FALSE, 78},
	{"usage", PM_ERROR_PERMANENT_USAGE, FALSE, 64},
	{"bug", PM_ERROR_PERMANENT_BUG, FALSE, 70},
};

static void
test_codes(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
		g_autoptr(GError) error =
			g_error_new(PM_ERROR, codes[i].code, "%s", codes[i].name);

		if (pm_error_is_temporary(error) != codes[i].is_temporary)
			g_error("%s: temporary: want %d", codes[i].name,
				codes[i].is_temporary);
		if (pm_error_exit_status(error) != codes[i].status)
			g_error("%s: status: want %d, got %d", codes[i].name,
				codes[i].status, pm_error_exit_status(error));
	}
}

static void
test_others(void)
{
	g_autoptr(GError) foreign = g_error_new(G_FILE_ERROR, G_FILE_ERROR_IO, "disk");

	g_assert_false(pm_error_is_temporary(NULL));
	g_assert_false(pm_error_is_temporary(foreign));
}

static void
test_sqlstate(void)
{
	g_autoptr(GError) error = g_error_new(PM_ERROR, PM_ERROR_TEMPORARY_DATABASE, "x");
	g_autoptr(GError) foreign = g_error_new(G_FILE_ERROR, G_FILE_ERROR_IO, "disk");
	g_autoptr(GError) full = NULL, none = NULL;

	g_assert_cmpstr(pm_error_sqlstate(NULL), ==, "");
	g_assert_cmpstr(pm_error_sqlstate(foreign), ==, "");
	g_assert_cmpstr(pm_error_sqlstate(error), ==, "");
	g_assert_false(pm_error_is_out_of_room(error));
	pm_error_set(&full, PM_ERROR_TEMPORARY_DATABASE, "53100", "no %s", "room");
	g_assert_cmpstr(full->message, ==, "no room");
	g_autoptr(GError) copy = g_error_copy(full);
	g_assert_cmpstr(pm_error_sqlstate(copy), ==, "53100");
	g_assert_true(pm_error_is_out_of_room(copy));
	pm_error_set(&none, PM_ERROR_PERMANENT_BUG, NULL, "none");
	g_assert_cmpstr(pm_error_sqlstate(none), ==, "");
	pm_error_set(NULL, PM_ERROR_PERMANENT_BUG, "XX000", "nobody asked");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/error/codes", test_codes);
	g_test_add_func("/error/others", test_others);
	g_test_add_func("/error/sqlstate", test_sqlstate);
	return g_test_run();
}
