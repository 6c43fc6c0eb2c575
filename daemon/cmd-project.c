/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/command.h"
#include "lib/error.h"

/* patchmail project: rows of patchwork_project. */

enum {
	FIELD_LINKNAME,
	FIELD_NAME,
	FIELD_LIST_ID,
	FIELD_LIST_EMAIL,
	FIELD_SUBJECT_MATCH,
	FIELD_WEB_URL,
	FIELD_SCM_URL,
	FIELD_WEBSCM_URL,
	FIELD_ARCHIVE_URL,
	FIELD_ARCHIVE_FORMAT,
	FIELD_COMMIT_FORMAT,
	FIELD_USE_TAGS,
	FIELD_COUNT
};

typedef struct {
	char *values[FIELD_COUNT];
} PmFields;

static void
clear_fields(PmFields *fields)
{
	for (guint i = 0; i < FIELD_COUNT; i++)
		g_free(fields->values[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmFields, clear_fields)

static gboolean
check_fields(PmFields *fields, GError **error)
{
	const char *match = fields->values[FIELD_SUBJECT_MATCH];
	const char *tags = fields->values[FIELD_USE_TAGS];

	if (match != NULL && *match) {
		g_autoptr(PmPattern) pattern = pm_pattern_new(match, error);

		if (pattern == NULL)
			return FALSE;
	}
	if (tags != NULL && !g_str_equal(tags, "true") && !g_str_equal(tags, "false")) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_USAGE,
			    "--use-tags takes true or false, not \"%s\"", tags);
		return FALSE;
	}
	return TRUE;
}

static int
list(PmContext *context)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PmPg) pg = pm_context_open_pg(context, &error);
	g_autoptr(PmRows) rows =
		pg ? pm_pg_query(pg, PM_SQL_LIST_PROJECTS, NULL, 0, &error) : NULL;

	if (rows == NULL)
		return pm_command_fail(error);
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		if (!context->json) {
			printf("%s\t%s\t%s\t%s\t%s\n", pm_rows_text(rows, i, 1),
			       pm_rows_text(rows, i, 3), pm_rows_text(rows, i, 4),
			       pm_rows_text(rows, i, 5), pm_rows_text(rows, i, 2));
			continue;
		}
		g_autoptr(JsonBuilder) builder = json_builder_new();
		json_builder_begin_object(builder);
		pm_json_number(builder, "id", pm_rows_int(rows, i, 0));
		pm_json_text(builder, "linkname", pm_rows_text(rows, i, 1));
		pm_json_text(builder, "name", pm_rows_text(rows, i, 2));
		pm_json_text(builder, "list_id", pm_rows_text(rows, i, 3));
		pm_json_text(builder, "list_email", pm_rows_text(rows, i, 4));
		pm_json_text(builder, "subject_match", pm_rows_text(rows, i, 5));
		json_builder_end_object(builder);
		pm_print_json(builder);
	}
	return EX_OK;
}

static int
change(PmContext *context, PmSql sql, PmFields *fields, guint n, const char *done,
       const char *not_done)
{
	g_autoptr(GError) error = NULL;

	if (!check_fields(fields, &error))
		return pm_command_fail(error);
	g_autoptr(PmPg) pg = pm_context_open_pg(context, &error);
	g_autoptr(PmRows) rows =
		pg ? pm_pg_query(pg, sql, (const char *const *)fields->values, n, &error)
		   : NULL;
	if (rows == NULL)
		return pm_command_fail(error);
	if (pm_rows_count(rows) == 0) {
		g_printerr(
			"patchmail: %s \"%s\"; \"patchmail project list\" shows them\n",
			not_done, fields->values[FIELD_LINKNAME]);
		return EX_DATAERR;
	}
	if (!context->quiet)
		printf("%s project %s (id %s)\n", done, fields->values[FIELD_LINKNAME],
		       pm_rows_text(rows, 0, 0));
	return EX_OK;
}

static int
add(PmContext *context, PmFields *fields)
{
	if (fields->values[FIELD_NAME] == NULL || fields->values[FIELD_LIST_ID] == NULL ||
	    fields->values[FIELD_LIST_EMAIL] == NULL)
		return pm_command_usage("add needs --name, --list-id and --list-email");
	for (guint i = 0; i < FIELD_USE_TAGS; i++)
		if (fields->values[i] == NULL)
			fields->values[i] = g_strdup("");
	if (fields->values[FIELD_USE_TAGS] == NULL)
		fields->values[FIELD_USE_TAGS] = g_strdup("true");
	return change(context, PM_SQL_INSERT_PROJECT, fields, FIELD_COUNT, "added",
		      "could not add project");
}

static int
run_verb(PmContext *context, int argc, char **argv, PmFields *fields)
{
	const char *verb = argc > 1 ? argv[1] : "list";

	if (g_str_equal(verb, "list") && argc <= 2)
		return list(context);
	if (argc != 3)
		return pm_command_usage("give add, set or remove and one LINKNAME");
	fields->values[FIELD_LINKNAME] = g_strdup(argv[2]);
	if (g_str_equal(verb, "add"))
		return add(context, fields);
	if (g_str_equal(verb, "set"))
		return change(context, PM_SQL_UPDATE_PROJECT, fields, FIELD_COUNT,
			      "changed", "there is no project");
	if (g_str_equal(verb, "remove"))
		return change(context, PM_SQL_REMOVE_PROJECT, fields, 1, "removed",
			      "there is no project without mail called");
	return pm_command_usage("the verbs are add, list, set and remove");
}

int
pm_command_project(PmContext *context, int argc, char **argv)
{
	g_auto(PmFields) fields = {{NULL}};
	char **v = fields.values;
	const GOptionEntry entries[] = {
		{"name", 0, 0, G_OPTION_ARG_STRING, &v[FIELD_NAME],
		 "Name that people read", "N"},
		{"list-id", 0, 0, G_OPTION_ARG_STRING, &v[FIELD_LIST_ID],
		 "What List-Id says", "ID"},
		{"list-email", 0, 0, G_OPTION_ARG_STRING, &v[FIELD_LIST_EMAIL],
		 "Address of the list", "E"},
		{"subject-match", 0, 0, G_OPTION_ARG_STRING, &v[FIELD_SUBJECT_MATCH],
		 "Only mails whose subject matches", "RE"},
		{"web-url", 0, 0, G_OPTION_ARG_STRING, &v[FIELD_WEB_URL], "Home page",
		 "URL"},
		{"scm-url", 0, 0, G_OPTION_ARG_STRING, &v[FIELD_SCM_URL], "Repository",
		 "URL"},
		{"webscm-url", 0, 0, G_OPTION_ARG_STRING, &v[FIELD_WEBSCM_URL],
		 "Repository to browse", "URL"},
		{"list-archive-url", 0, 0, G_OPTION_ARG_STRING, &v[FIELD_ARCHIVE_URL],
		 "Archive of the list", "URL"},
		{"list-archive-url-format", 0, 0, G_OPTION_ARG_STRING,
		 &v[FIELD_ARCHIVE_FORMAT], "Link to a mail in it", "URL"},
		{"commit-url-format", 0, 0, G_OPTION_ARG_STRING, &v[FIELD_COMMIT_FORMAT],
		 "Link to a commit", "URL"},
		{"use-tags", 0, 0, G_OPTION_ARG_STRING, &v[FIELD_USE_TAGS],
		 "Whether to count Reviewed-by and the like", "true|false"},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(context, entries, "add|list|set|remove [LINKNAME]",
			      "Example:\n  patchmail project add dev --name Development "
			      "--list-id dev.example.org --list-email dev@example.org",
			      &argc, &argv, &error))
		return pm_command_fail(error);
	return run_verb(context, argc, argv, &fields);
}
