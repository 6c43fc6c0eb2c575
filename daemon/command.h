/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "daemon/config.h"
#include "lib/store/store.h"

/*
 * What every subcommand of patchmail is given: the global options, already read.
 */
typedef struct {
	const char *config_path;
	const char *conninfo; /* from -d, or NULL */
	gboolean json, verbose, quiet, no_pager;
	PmConfig *config;
} PmContext;

/* argv[0] is the subcommand's name. Returns a sysexits.h status. */
typedef int (*PmCommandRun)(PmContext *context, int argc, char **argv);

int pm_command_init(PmContext *context, int argc, char **argv);
int pm_command_project(PmContext *context, int argc, char **argv);
int pm_command_user(PmContext *context, int argc, char **argv);
int pm_command_deliver(PmContext *context, int argc, char **argv);
int pm_command_replay(PmContext *context, int argc, char **argv);
int pm_command_refresh(PmContext *context, int argc, char **argv);
int pm_command_follow(PmContext *context, int argc, char **argv);
int pm_command_tail(PmContext *context, int argc, char **argv);
int pm_command_status(PmContext *context, int argc, char **argv);
int pm_command_explain(PmContext *context, int argc, char **argv);
int pm_command_show(PmContext *context, int argc, char **argv);
int pm_command_set(PmContext *context, int argc, char **argv);
int pm_command_series(PmContext *context, int argc, char **argv);
int pm_command_quarantine(PmContext *context, int argc, char **argv);
int pm_command_check(PmContext *context, int argc, char **argv);

/*
 * Reads a subcommand's options (and the global ones, which may stand behind it too).
 * usage: what follows the name; help: an example and what else to say. FALSE with
 * PM_ERROR_PERMANENT_USAGE. argv keeps the rest, argv[0] first.
 */
gboolean pm_command_parse(PmContext *context, const GOptionEntry *entries,
			  const char *usage, const char *help, int *argc, char ***argv,
			  GError **error);

/* Where the database is: -d, the configuration, NULL for the PG* environment. */
const char *pm_context_conninfo(const PmContext *context);
/* Connects for storing, for administration. (transfer full) (nullable) with error */
PmStore *pm_context_open_store(const PmContext *context, GError **error);
PmPg *pm_context_open_pg(const PmContext *context, GError **error);

/* Prints "patchmail: MESSAGE" to standard error; returns the exit status for it. */
int pm_command_fail(const GError *error);
/* A usage error. */
int pm_command_usage(const char *message);

/* Prints one JSON object on one line; takes builder's root. */
void pm_print_json(JsonBuilder *builder);
/* Adds a member of an object; NULL becomes null. */
void pm_json_text(JsonBuilder *builder, const char *key, const char *value);
void pm_json_number(JsonBuilder *builder, const char *key, gint64 value);
