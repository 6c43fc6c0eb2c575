/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/command.h"
#include "daemon/input.h"
#include "daemon/reading.h"
#include "lib/error.h"
#include "lib/store/inspect.h"

/*
 * patchmail explain: how a mail is read and what it is, each step with its reason. A
 * file needs no database; a Message-ID is looked up, and the whole cluster that its
 * series was decided in is shown.
 */

/* Stands in for a project where no database is asked. */
static PmProject *
stand_in(const char *list_id)
{
	PmProject *project = g_new0(PmProject, 1);

	project->linkname = g_strdup("");
	project->list_id = g_strdup(list_id ? list_id : "");
	project->list_email = g_strdup("");
	return project;
}

static gboolean
has_database(const PmContext *context)
{
	return *pm_context_conninfo(context) != '\0';
}

static int
explain_bytes(PmContext *context, GBytes *bytes, const char *list_id)
{
	g_autoptr(PmProject) project = stand_in(list_id);
	const PmProject *found = project;
	g_autoptr(PmStore) store = NULL;
	g_autoptr(PmCatalog) catalog = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(PmItem) item = NULL;

	g_autoptr(PmMail) mail = pm_read_mail(bytes, NULL, NULL, &error);
	if (mail == NULL)
		return pm_command_fail(error);
	if (has_database(context)) {
		store = pm_context_open_store(context, &error);
		catalog = store ? pm_store_catalog(store, 0, &error) : NULL;
		if (catalog == NULL)
			return pm_command_fail(error);
		found = pm_catalog_route(catalog, mail, list_id);
		printf("project: %s\n", found ? found->linkname : "none has this list");
	}
	item = found ? pm_classify(mail, found) : NULL;
	g_autofree char *text = pm_explain_mail(mail, item);
	fputs(text, stdout);
	return EX_OK;
}

static int
explain_file(PmContext *context, const char *path, const char *list_id)
{
	size_t limit =
		(size_t)pm_config_number(context->config, "lmtp", "max-message-size");
	gboolean is_too_large = FALSE;
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = pm_read_input(path, limit, &is_too_large, &error);

	if (is_too_large) {
		g_printerr("patchmail: %s is larger than %zu bytes; give one mail, not "
			   "an archive\n",
			   path, limit);
		return EX_DATAERR;
	}
	if (bytes == NULL)
		return pm_command_fail(error);
	pm_mail_init();
	return explain_bytes(context, bytes, list_id);
}

static int
explain_stored(PmContext *context, const char *msgid)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PmStore) store = pm_context_open_store(context, &error);
	g_autofree char *text = store ? pm_inspect_message(store, msgid, &error) : NULL;

	if (text == NULL)
		return pm_command_fail(error);
	fputs(text, stdout);
	return EX_OK;
}

int
pm_command_explain(PmContext *context, int argc, char **argv)
{
	g_autofree char *list_id = NULL;
	const GOptionEntry entries[] = {
		{"list-id", 0, 0, G_OPTION_ARG_STRING, &list_id,
		 "Take the mail as of this list", "ID"},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(
		    context, entries, "FILE | - | MESSAGE-ID",
		    "Example:\n  patchmail explain 0001-fix.patch\n  patchmail -d "
		    "dbname=patchwork explain '<20260601.1@example.org>'",
		    &argc, &argv, &error))
		return pm_command_fail(error);
	if (argc != 2)
		return pm_command_usage("explain takes one file or Message-ID");
	gboolean is_file =
		g_str_equal(argv[1], "-") || g_file_test(argv[1], G_FILE_TEST_EXISTS);
	if (!is_file && strchr(argv[1], '@') != NULL)
		return explain_stored(context, argv[1]);
	return explain_file(context, argv[1], list_id);
}
