/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <sysexits.h>

#include "daemon/addresses.h"
#include "daemon/command.h"
#include "daemon/probe.h"
#include "lib/error.h"
#include "lib/store/schema.h"

/*
 * patchmail status: what runs, what came lately, what waits. One table for people, one JSON object
 * for programs, from the same list of facts. check says whether all is set up right.
 */

typedef struct {
	PmContext *context;
	JsonBuilder *json; /* an open object; NULL: print lines */
	int status;	   /* EX_OK until something does not answer */
} PmStatus;

static void
say(PmStatus *status, const char *what, const char *text)
{
	if (status->json == NULL)
		printf("%-11s %s\n", what, text);
}

/* "3 min", for times that people read. (transfer full) */
static char *
describe_seconds(gint64 seconds)
{
	if (seconds < 120)
		return g_strdup_printf("%" G_GINT64_FORMAT " s", MAX(seconds, 0));
	if (seconds < 2 * 3600)
		return g_strdup_printf("%" G_GINT64_FORMAT " min", seconds / 60);
	if (seconds < 2 * 86400)
		return g_strdup_printf("%" G_GINT64_FORMAT " h", seconds / 3600);
	return g_strdup_printf("%" G_GINT64_FORMAT " days", seconds / 86400);
}

static void
add_flag(PmStatus *status, const char *key, gboolean value)
{
	json_builder_set_member_name(status->json, key);
	json_builder_add_boolean_value(status->json, value);
}

static void
begin_object(PmStatus *status, const char *key)
{
	if (status->json == NULL)
		return;
	if (key != NULL)
		json_builder_set_member_name(status->json, key);
	json_builder_begin_object(status->json);
}

static void
end_object(PmStatus *status)
{
	if (status->json != NULL)
		json_builder_end_object(status->json);
}

static void
begin_array(PmStatus *status, const char *key)
{
	if (status->json == NULL)
		return;
	json_builder_set_member_name(status->json, key);
	json_builder_begin_array(status->json);
}

static void
end_array(PmStatus *status)
{
	if (status->json != NULL)
		json_builder_end_array(status->json);
}

/* No daemon is no fault where none was asked for: deliver and replay need none. */
static gboolean
is_expected(const PmStatus *status, const char *address)
{
	const char *listen = pm_config_string(status->context->config, "lmtp", "listen");

	return *listen != '\0' || (g_str_has_prefix(address, "unix:") &&
				   g_file_test(address + 5, G_FILE_TEST_EXISTS));
}

static void
show_address(PmStatus *status, const char *address)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *greeting = pm_probe_greeting(address, &error);
	g_autofree char *text = NULL;

	if (greeting == NULL && is_expected(status, address))
		status->status = EX_TEMPFAIL;
	if (greeting == NULL && !is_expected(status, address))
		text = g_strdup_printf("not running: there is no %s", address);
	else
		text = greeting ? g_strdup_printf("%s answers: %s", address, greeting)
				: g_strdup(error->message);
	say(status, "daemon", text);
	begin_object(status, NULL);
	if (status->json != NULL) {
		pm_json_text(status->json, "address", address);
		add_flag(status, "ok", greeting != NULL);
		pm_json_text(status->json, "detail", text);
	}
	end_object(status);
}

static double
figure(GHashTable *figures, const char *name)
{
	const double *value = g_hash_table_lookup(figures, name);

	return value ? *value : 0;
}

static void
show_figures(PmStatus *status, GHashTable *figures)
{
	static const char *const names[] = {"messages_total", "connections",
					    "queue_mails", "commits_total",
					    "database_up"};
	double start = figure(figures, "start_timestamp_seconds");
	g_autofree char *up =
		describe_seconds(g_get_real_time() / G_USEC_PER_SEC - (gint64)start);
	g_autofree char *text = g_strdup_printf(
		"up %s, %.0f messages in %.0f commits, %.0f connections, %.0f mails "
		"waiting%s",
		up, figure(figures, "messages_total"), figure(figures, "commits_total"),
		figure(figures, "connections"), figure(figures, "queue_mails"),
		figure(figures, "database_up") > 0
			? ""
			: ", its last transaction failed or there was none");

	say(status, "figures", text);
	begin_object(status, "figures");
	for (guint i = 0; status->json != NULL && i < G_N_ELEMENTS(names); i++)
		pm_json_number(status->json, names[i], (gint64)figure(figures, names[i]));
	end_object(status);
}

static void
show_daemon(PmStatus *status)
{
	const PmConfig *config = status->context->config;
	const char *metrics = pm_config_string(config, "metrics", "listen");
	g_auto(GStrv) addresses =
		pm_addresses_new(pm_config_string(config, "lmtp", "listen"));

	begin_array(status, "daemon");
	for (char **address = addresses; *address != NULL; address++)
		show_address(status, *address);
	end_array(status);
	if (*metrics == '\0')
		return;
	g_auto(GStrv) places = pm_addresses_new(metrics);
	g_autoptr(GError) error = NULL;
	g_autoptr(GHashTable) figures = pm_probe_metrics(places[0], &error);
	if (figures != NULL)
		show_figures(status, figures);
	else
		say(status, "figures", error->message);
}

static void
show_last(PmStatus *status, const PmRows *rows)
{
	g_autofree char *ago = describe_seconds(pm_rows_int(rows, 0, 1));
	g_autofree char *text =
		g_strdup_printf("%s, %s ago: %s in %s", pm_rows_text(rows, 0, 0), ago,
				pm_rows_text(rows, 0, 2), pm_rows_text(rows, 0, 3));

	say(status, "last event", pm_rows_is_null(rows, 0, 0) ? "none" : text);
	if (status->json != NULL && !pm_rows_is_null(rows, 0, 0)) {
		pm_json_text(status->json, "last_event", pm_rows_text(rows, 0, 0));
		pm_json_number(status->json, "last_event_age", pm_rows_int(rows, 0, 1));
	}
}

static void
show_rate(PmStatus *status, const PmRows *rows, guint column, const char *what,
	  const char *key)
{
	static const char *const names[] = {"patches", "covers", "comments",
					    "series_completed"};
	g_autofree char *text = g_strdup_printf(
		"%s patches, %s covers, %s comments; %s series completed",
		pm_rows_text(rows, 0, column), pm_rows_text(rows, 0, column + 1),
		pm_rows_text(rows, 0, column + 2), pm_rows_text(rows, 0, column + 3));

	say(status, what, text);
	begin_object(status, key);
	for (guint i = 0; status->json != NULL && i < G_N_ELEMENTS(names); i++)
		pm_json_number(status->json, names[i], pm_rows_int(rows, 0, column + i));
	end_object(status);
}

static gboolean
show_events(PmStatus *status, PmPg *pg, GError **error)
{
	g_autoptr(PmRows) rows = pm_pg_query(pg, PM_SQL_STATUS_EVENTS, NULL, 0, error);

	if (rows == NULL)
		return FALSE;
	show_last(status, rows);
	show_rate(status, rows, 4, "last hour", "last_hour");
	show_rate(status, rows, 8, "last day", "last_day");
	return TRUE;
}

static gboolean
show_waiting(PmStatus *status, PmPg *pg, GError **error)
{
	g_autoptr(PmRows) rows = pm_pg_query(pg, PM_SQL_STATUS_WAITING, NULL, 0, error);

	if (rows == NULL)
		return FALSE;
	gboolean is_held = pm_rows_int(rows, 0, 0) > 0,
		 has_bad = pm_rows_int(rows, 0, 2) > 0;
	g_autofree char *held = g_strdup_printf(
		"%s replies%s%s", pm_rows_text(rows, 0, 0),
		is_held ? " wait for their parent, the oldest since " : "",
		is_held ? pm_rows_text(rows, 0, 1) : "");
	g_autofree char *bad = g_strdup_printf(
		"%s mails%s%s%s%s", pm_rows_text(rows, 0, 2),
		has_bad ? ", the newest of " : "",
		has_bad ? pm_rows_text(rows, 0, 3) : "", has_bad ? ": " : "",
		has_bad ? pm_rows_text(rows, 0, 4) : "");
	say(status, "held", held);
	say(status, "quarantine", bad);
	if (status->json != NULL) {
		pm_json_number(status->json, "held", pm_rows_int(rows, 0, 0));
		pm_json_number(status->json, "quarantine", pm_rows_int(rows, 0, 2));
	}
	return TRUE;
}

static gboolean
show_feeds(PmStatus *status, PmPg *pg, GError **error)
{
	g_autoptr(PmRows) rows = pm_pg_query(pg, PM_SQL_STATUS_FEEDS, NULL, 0, error);

	if (rows == NULL)
		return FALSE;
	begin_array(status, "feeds");
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		g_autofree char *ago = describe_seconds(pm_rows_int(rows, i, 3));
		g_autofree char *text = g_strdup_printf("%s up to %.12s, %s ago",
							pm_rows_text(rows, i, 0),
							pm_rows_text(rows, i, 1), ago);

		say(status, "feed", text);
		begin_object(status, NULL);
		if (status->json != NULL) {
			pm_json_text(status->json, "source", pm_rows_text(rows, i, 0));
			pm_json_text(status->json, "position", pm_rows_text(rows, i, 1));
			pm_json_number(status->json, "age", pm_rows_int(rows, i, 3));
		}
		end_object(status);
	}
	end_array(status);
	return TRUE;
}

static gboolean
show_server(PmStatus *status, PmPg *pg, GError **error)
{
	gint64 start = g_get_monotonic_time();
	g_autoptr(PmRows) rows = pm_pg_query(pg, PM_SQL_STATUS_SERVER, NULL, 0, error);

	if (rows == NULL)
		return FALSE;
	g_autofree char *text = g_strdup_printf(
		"%s on PostgreSQL %s answers in %.1f ms", pm_rows_text(rows, 0, 0),
		pm_rows_text(rows, 0, 1), (double)(g_get_monotonic_time() - start) / 1e3);
	say(status, "database", text);
	return TRUE;
}

static void
show_database(PmStatus *status)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PmPg) pg = pm_context_open_pg(status->context, &error);
	gboolean is_good =
		pg != NULL && show_server(status, pg, &error) &&
		pm_schema_check(pg, NULL, &error) && show_events(status, pg, &error) &&
		show_waiting(status, pg, &error) && show_feeds(status, pg, &error);

	if (!is_good) {
		say(status, pg ? "schema" : "database", error->message);
		status->status = pm_error_exit_status(error);
	}
	begin_object(status, "database");
	if (status->json != NULL) {
		add_flag(status, "ok", is_good);
		pm_json_text(status->json, "detail", is_good ? NULL : error->message);
	}
	end_object(status);
}

int
pm_command_status(PmContext *context, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	PmStatus status = {.context = context, .status = EX_OK};

	if (!pm_command_parse(context, NULL, "",
			      "Example:\n  patchmail status\n  patchmail status --json",
			      &argc, &argv, &error))
		return pm_command_fail(error);
	if (argc > 1)
		return pm_command_usage("status takes no arguments");
	g_autoptr(JsonBuilder) builder = json_builder_new();
	if (context->json)
		status.json = builder;
	begin_object(&status, NULL);
	show_daemon(&status);
	show_database(&status);
	end_object(&status);
	if (context->json)
		pm_print_json(builder);
	return status.status;
}
