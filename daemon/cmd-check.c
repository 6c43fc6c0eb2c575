/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <sysexits.h>

#include "daemon/addresses.h"
#include "daemon/check-socket.h"
#include "daemon/command.h"
#include "daemon/handover.h"
#include "daemon/probe.h"
#include "lib/error.h"
#include "lib/store/schema.h"

/* patchmail check: one line for each thing that has to be right. */

static void
say(const PmContext *context, gboolean is_good, const char *what, const char *detail)
{
	if (context->json) {
		g_autoptr(JsonBuilder) builder = json_builder_new();

		json_builder_begin_object(builder);
		pm_json_text(builder, "check", what);
		json_builder_set_member_name(builder, "ok");
		json_builder_add_boolean_value(builder, is_good);
		pm_json_text(builder, "detail", detail);
		json_builder_end_object(builder);
		pm_print_json(builder);
		return;
	}
	if (!context->quiet || !is_good)
		printf("%-6s %-14s %s\n", is_good ? "ok" : "FAILED", what, detail);
}

static int
fail(const PmContext *context, const char *what, const GError *error)
{
	say(context, FALSE, what, error->message);
	return pm_error_exit_status(error);
}

static gboolean
check_rights(const PmContext *context, PmPg *pg)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PmRows) rows = pm_pg_query(pg, PM_SQL_CHECK_RIGHTS, NULL, 0, &error);
	g_autoptr(GString) tables = g_string_new(NULL);

	if (rows == NULL)
		return fail(context, "rights", error), FALSE;
	for (guint i = 0; i < pm_rows_count(rows); i++)
		g_string_append_printf(tables, " %s", pm_rows_text(rows, i, 0));
	if (pm_rows_count(rows) > 0) {
		g_string_prepend(tables,
				 "this role may not write, give it \"patchmail init "
				 "--grant ROLE\":");
		say(context, FALSE, "rights", tables->str);
		return FALSE;
	}
	say(context, TRUE, "rights", "this role may read and write what it needs");
	return TRUE;
}

/* Taking in mail does without them. */
static gboolean
check_functions(const PmContext *context, PmPg *pg)
{
	g_autoptr(GError) error = NULL;

	if (!pm_schema_check_functions(pg, &error))
		return fail(context, "functions", error), FALSE;
	say(context, TRUE, "functions", "those of this version");
	return TRUE;
}

/* Dates that an existing Patchwork stored tell its TIME_ZONE, as long as mail comes quickly. */
static gboolean
check_zone(const PmContext *context, PmPg *pg)
{
	enum { ENOUGH = 5 };
	g_autoptr(GError) error = NULL;
	g_autoptr(PmRows) rows = pm_pg_query(pg, PM_SQL_CHECK_ZONE, NULL, 0, &error);

	if (rows == NULL)
		return fail(context, "dates", error), FALSE;
	double seen = g_ascii_strtod(pm_rows_text(rows, 0, 1), NULL) / 3600;
	double ours = (double)pm_rows_int(rows, 0, 2) / 3600;
	if (pm_rows_int(rows, 0, 0) < ENOUGH || seen == ours) {
		say(context, TRUE, "dates", "nothing speaks against [ingest] time-zone");
		return TRUE;
	}
	g_autofree char *text = g_strdup_printf(
		"the newest patches are dated as in a zone of UTC%+.4g, and [ingest] "
		"time-zone is one of UTC%+.4g; set it to what Patchwork's settings call "
		"TIME_ZONE",
		seen, ours);
	say(context, FALSE, "dates", text);
	return FALSE;
}

/* Whether Postfix gets at the sockets. */
static gboolean
check_sockets(const PmContext *context)
{
	g_auto(GStrv) addresses =
		pm_addresses_new(pm_config_string(context->config, "lmtp", "listen"));
	gboolean is_good = TRUE;

	for (char **address = addresses; *address != NULL; address++) {
		g_autofree char *text = NULL;

		if (!g_str_has_prefix(*address, "unix:"))
			continue;
		gboolean is_open = pm_check_socket(*address + 5, "postfix", &text);
		say(context, is_open, "socket", text);
		is_good = is_good && is_open;
	}
	return is_good;
}

/* Slow is not wrong. */
static void
check_deliver(const PmContext *context)
{
	g_auto(GStrv) addresses =
		pm_addresses_new(pm_config_string(context->config, "lmtp", "listen"));
	g_autofree char *database = pm_database_token(pm_context_conninfo(context));
	const char *obstacle = "[deliver] daemon = no";

	if (!g_str_equal(pm_config_string(context->config, "deliver", "daemon"), "no"))
		obstacle = pm_handover_obstacle(addresses, database);
	g_autofree char *text =
		obstacle ? g_strdup_printf("stores its mails itself: %s", obstacle)
			 : g_strdup("hands its mails to the daemon");
	say(context, TRUE, "deliver", text);
}

static gboolean
check_contents(const PmContext *context, PmPg *pg)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PmRows) counts = pm_pg_query(pg, PM_SQL_CHECK_COUNTS, NULL, 0, &error);
	g_autoptr(PmRows) dates =
		counts ? pm_pg_query(pg, PM_SQL_CHECK_DATES, NULL, 0, &error) : NULL;

	if (dates == NULL)
		return fail(context, "contents", error), FALSE;
	g_autofree char *projects = g_strdup_printf(
		"%s projects, %s held replies, %s mails in quarantine%s",
		pm_rows_text(counts, 0, 0), pm_rows_text(counts, 0, 1),
		pm_rows_text(counts, 0, 2),
		pm_rows_int(counts, 0, 0) > 0
			? ""
			: "; all mail is ignored until there is a project, "
			  "see \"patchmail project add --help\"");
	g_autofree char *zone = g_strdup_printf(
		"%s; newest event %s (local time), newest patch %s (UTC wall clock), now "
		"%s; "
		"an existing Patchwork's TIME_ZONE belongs into [ingest] time-zone",
		pm_rows_text(dates, 0, 0), pm_rows_text(dates, 0, 1),
		pm_rows_text(dates, 0, 2), pm_rows_text(dates, 0, 3));
	say(context, pm_rows_int(counts, 0, 3) > 0, "states",
	    pm_rows_int(counts, 0, 3) > 0 ? "there is a state for new patches"
					  : "there is no state for new patches");
	say(context, pm_rows_bool(counts, 0, 4), "indexes",
	    pm_rows_bool(counts, 0, 4)
		    ? "people are found by an index"
		    : "patchmail_person_email is missing; run patchmail init");
	say(context, TRUE, "encoding", pm_rows_text(dates, 0, 4));
	say(context, pm_rows_int(counts, 0, 0) > 0, "projects", projects);
	say(context, TRUE, "time zone", zone);
	return pm_rows_int(counts, 0, 3) > 0 && pm_rows_bool(counts, 0, 4);
}

int
pm_command_check(PmContext *context, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;

	if (!pm_command_parse(context, NULL, "",
			      "Example:\n  patchmail --config "
			      "patchmail.conf check",
			      &argc, &argv, &error))
		return pm_command_fail(error);
	const char *path = pm_config_path(context->config);
	say(context, TRUE, "configuration", path ? path : "none, all defaults");
	g_autoptr(PmPg) pg = pm_context_open_pg(context, &error);
	if (pg == NULL)
		return fail(context, "database", error);
	say(context, TRUE, "database", "connected");
	if (!pm_schema_check(pg, NULL, &error))
		return fail(context, "schema", error);
	say(context, TRUE, "schema", "version " G_STRINGIFY(PM_SCHEMA_VERSION));
	gboolean is_good = check_functions(context, pg);
	is_good = check_rights(context, pg) && is_good;
	is_good = check_contents(context, pg) && is_good;
	is_good = check_zone(context, pg) && is_good;
	is_good = check_sockets(context) && is_good;
	check_deliver(context);
	return is_good ? EX_OK : EX_CONFIG;
}
