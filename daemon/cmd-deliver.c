/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/command.h"
#include "daemon/input.h"
#include "lib/error.h"
#include "lib/ingest.h"

/*
 * patchmail deliver: one mail from a pipe, for procmail and the like. The exit status
 * is what the mail system acts on: 0 stored (or known, held, ignored, quarantined),
 * 65 too large, 67 no such recipient, 75 try again.
 */

typedef struct {
	const PmContext *context;
	gboolean is_done;
} PmDelivery;

static void
report(const PmEntry *entry, gpointer tag, gpointer user_data)
{
	PmDelivery *delivery = user_data;
	const char *msgid = entry->mail ? entry->mail->msgid : NULL;

	(void)tag;
	delivery->is_done = TRUE;
	if (delivery->context->json) {
		g_autoptr(JsonBuilder) builder = json_builder_new();

		json_builder_begin_object(builder);
		pm_json_text(builder, "outcome", pm_outcome_to_string(entry->outcome));
		pm_json_text(builder, "msgid", msgid);
		pm_json_text(builder, "project",
			     entry->project ? entry->project->linkname : NULL);
		pm_json_number(builder, "id", entry->row_id);
		pm_json_number(builder, "series", entry->series_id);
		pm_json_text(builder, "reason", entry->reason);
		json_builder_end_object(builder);
		pm_print_json(builder);
	} else if (delivery->context->verbose ||
		   entry->outcome == PM_OUTCOME_QUARANTINED) {
		g_printerr("patchmail: %s: %s%s%s\n", msgid ? msgid : "mail without id",
			   pm_outcome_to_string(entry->outcome),
			   entry->reason ? ": " : "", entry->reason ? entry->reason : "");
	}
}

static int
deliver(PmContext *context, GBytes *bytes, const char *list_id, const char *recipient)
{
	const char *mode = pm_config_string(context->config, "routing", "recipients");
	PmDelivery delivery = {.context = context};
	PmIngestOptions options;
	g_autoptr(GError) error = NULL;
	g_autoptr(PmStore) store = pm_context_open_store(context, &error);
	g_autoptr(PmCatalog) catalog = store ? pm_store_catalog(store, 0, &error) : NULL;

	/* A database that refuses us today is mended tomorrow: the mail must wait, and
	 * Postfix bounces at 78. */
	if (catalog == NULL) {
		(void)pm_command_fail(error);
		return EX_TEMPFAIL;
	}
	pm_ingest_options_init(&options);
	options.list_id = list_id;
	if (recipient != NULL && g_str_equal(mode, "mapped")) {
		const PmProject *project =
			pm_catalog_recipient(catalog, recipient,
					     pm_config_string(context->config, "routing",
							      "recipient-delimiter"));

		if (project == NULL) {
			g_printerr("patchmail: no project takes mail for \"%s\"\n",
				   recipient);
			return EX_NOUSER;
		}
		options.list_id = project->list_id;
	}
	g_autoptr(PmIngest) ingest =
		pm_ingest_new(store, catalog, &options, report, &delivery);
	if (!pm_ingest_push(ingest, bytes, g_bytes_get_size(bytes), NULL, &error) ||
	    !pm_ingest_finish(ingest, &error)) {
		(void)pm_command_fail(error);
		return EX_TEMPFAIL;
	}
	return delivery.is_done ? EX_OK : EX_SOFTWARE;
}

int
pm_command_deliver(PmContext *context, int argc, char **argv)
{
	g_autofree char *list_id = NULL, *recipient = NULL;
	const GOptionEntry entries[] = {
		{"list-id", 0, 0, G_OPTION_ARG_STRING, &list_id,
		 "Take the mail as of this list", "ID"},
		{"recipient", 0, 0, G_OPTION_ARG_STRING, &recipient,
		 "Envelope recipient, where recipients are mapped", "R"},
		G_OPTION_ENTRY_NULL,
	};
	gboolean is_too_large = FALSE;
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(context, entries, "[FILE]",
			      "Example, in .procmailrc:\n  :0 w\n  | patchmail deliver "
			      "--list-id dev.example.org\n\n  EXITCODE=75\n  HOST",
			      &argc, &argv, &error))
		return pm_command_fail(error);
	if (argc > 2)
		return pm_command_usage("deliver takes one mail");
	size_t limit =
		(size_t)pm_config_number(context->config, "lmtp", "max-message-size");
	g_autoptr(GBytes) bytes =
		pm_read_input(argc > 1 ? argv[1] : NULL, limit, &is_too_large, &error);
	if (is_too_large) {
		g_printerr("patchmail: the mail is larger than %zu bytes\n", limit);
		return EX_DATAERR;
	}
	if (bytes == NULL)
		return pm_command_fail(error);
	pm_mail_init();
	return deliver(context, bytes, list_id, recipient);
}
