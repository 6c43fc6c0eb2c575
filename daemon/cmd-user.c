/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <sysexits.h>

#include "daemon/command.h"

/* patchmail user: who may change things over HTTP, where no Patchwork has pages for it. */

static int
list(PmContext *context)
{
	static const char *const names[] = {"username", "email", "maintains", "login",
					    "token"};
	g_autoptr(GError) error = NULL;
	g_autoptr(PmPg) pg = pm_context_open_pg(context, &error);
	g_autoptr(PmRows) rows =
		pg ? pm_pg_query(pg, PM_SQL_LIST_USERS, NULL, 0, &error) : NULL;

	if (rows == NULL)
		return pm_command_fail(error);
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		if (context->json) {
			g_autoptr(JsonBuilder) builder = json_builder_new();

			json_builder_begin_object(builder);
			for (guint k = 0; k < G_N_ELEMENTS(names); k++)
				pm_json_text(builder, names[k], pm_rows_text(rows, i, k));
			json_builder_end_object(builder);
			pm_print_json(builder);
			continue;
		}
		for (guint k = 0; k < G_N_ELEMENTS(names); k++)
			printf("%s%s", k > 0 ? "\t" : "", pm_rows_text(rows, i, k));
		printf("\n");
	}
	return EX_OK;
}

/* Runs one statement whose row says that it was done; done NULL: prints what it holds. */
static int
change(PmContext *context, PmSql sql, const char *const *values, guint n,
       const char *done, const char *not_done)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PmPg) pg = pm_context_open_pg(context, &error);
	g_autoptr(PmRows) rows = pg ? pm_pg_query(pg, sql, values, n, &error) : NULL;

	if (rows == NULL)
		return pm_command_fail(error);
	if (pm_rows_count(rows) == 0) {
		g_printerr("patchmail: %s \"%s\"\n", not_done, values[0]);
		return EX_DATAERR;
	}
	if (done == NULL)
		puts(pm_rows_text(rows, 0, 0));
	else if (!context->quiet)
		printf("%s %s\n", done, values[0]);
	return EX_OK;
}

int
pm_command_user(PmContext *context, int argc, char **argv)
{
	g_autofree char *email = NULL;
	const GOptionEntry entries[] = {
		{"email", 0, 0, G_OPTION_ARG_STRING, &email,
		 "Address, by which the user's own patches are known", "E"},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(context, entries,
			      "list|add NAME|token NAME|maintainer NAME LINKNAME",
			      "Example:\n  patchmail user add maint --email "
			      "maint@example.org",
			      &argc, &argv, &error))
		return pm_command_fail(error);
	const char *verb = argc > 1 ? argv[1] : "list";
	const char *const values[] = {argc > 2 ? argv[2] : "",
				      argc > 3 ? argv[3] : email};
	if (g_str_equal(verb, "list") && argc <= 2)
		return list(context);
	if (g_str_equal(verb, "add") && argc == 3 && email != NULL)
		return change(context, PM_SQL_ADD_USER, values, 2, "added user",
			      "there is a user already called");
	if (g_str_equal(verb, "token") && argc == 3)
		return change(context, PM_SQL_SET_TOKEN, values, 1, NULL,
			      "there is no user");
	if (g_str_equal(verb, "maintainer") && argc == 4)
		return change(
			context, PM_SQL_ADD_MAINTAINER, values, 2,
			"made a maintainer:", "there is no such project, or no user");
	return pm_command_usage(
		"give list, add NAME --email E, token NAME, or maintainer "
		"NAME LINKNAME");
}
